"""The outcomes of a run in the forms that `verify --format` names: text for people, data for machines."""
