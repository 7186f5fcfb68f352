"""Pathways as directed graphs: networkx, acyclic once the edges over time are left out."""
