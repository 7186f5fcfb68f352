"""Running a guideline over a patient. The interpreter here is the definition of the semantics."""
