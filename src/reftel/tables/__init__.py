"""The tables of `data/`, each read when it is first asked for: what the field knows about places, posts and names.

`data/README.md` names each table's sources. One module a table or two; this package alone reads `data/*.csv`.
"""

from reftel.tables.captions import caption
from reftel.tables.countries import (
    Country,
    all_countries,
    country,
    country_of_code,
    country_of_iso,
    country_of_people,
    is_people,
)
from reftel.tables.names import GivenName, given_name, is_particle, is_short_name, name_root, name_variants, particles
from reftel.tables.organizations import Organization, organization
from reftel.tables.places import Place, capital_of, place, table_place
from reftel.tables.posts import Post, is_place, nearest_post_code, post, post_code, post_named, post_of
from reftel.tables.reading import cells, folded, rows
from reftel.tables.tags import TagEntry, tag_code, tag_codes, tag_entry
from reftel.tables.titles import Title, TitleModifier, title, title_modifier, title_modifiers, title_words

__all__ = [
    "Country",
    "GivenName",
    "Organization",
    "Place",
    "Post",
    "TagEntry",
    "Title",
    "TitleModifier",
    "all_countries",
    "capital_of",
    "caption",
    "cells",
    "country",
    "country_of_code",
    "country_of_iso",
    "country_of_people",
    "folded",
    "given_name",
    "is_particle",
    "is_people",
    "is_place",
    "is_short_name",
    "name_root",
    "name_variants",
    "nearest_post_code",
    "organization",
    "particles",
    "place",
    "post",
    "post_code",
    "post_named",
    "post_of",
    "rows",
    "table_place",
    "tag_code",
    "tag_codes",
    "tag_entry",
    "title",
    "title_modifier",
    "title_modifiers",
    "title_words",
]
