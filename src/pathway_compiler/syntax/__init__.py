"""From text to syntax trees and back to text. The only package that knows lark."""
