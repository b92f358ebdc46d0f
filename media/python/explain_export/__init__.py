"""The parts of the export script. Nothing here is needed to use an exported model."""
