"""resolve: mentions to entities, who is who within one cable."""

from reftel.resolve.within import resolve

__all__ = ["resolve"]
