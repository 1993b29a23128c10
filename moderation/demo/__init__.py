"""An article with "Tinggalkan Balasan" that plays a site's CMS; it speaks to the API only."""

from moderation.demo.views import blueprint

__all__ = ["blueprint"]
