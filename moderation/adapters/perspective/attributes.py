"""Perspective's attributes as our labels give them; docs/integrations/perspective.md says why."""

from moderation.domain.verdict import Label, Scores

ATTRIBUTES: dict[str, tuple[Label, ...]] = {
    "TOXICITY": (Label.ABUSE, Label.HATE, Label.THREAT, Label.SEXUAL),
    "SEVERE_TOXICITY": (Label.HATE, Label.THREAT),
    "IDENTITY_ATTACK": (Label.HATE,),
    "INSULT": (Label.ABUSE,),
    "PROFANITY": (Label.ABUSE,),
    "THREAT": (Label.THREAT,),
    "SEXUALLY_EXPLICIT": (Label.SEXUAL,),
    "SPAM": (Label.SPAM,),
}
"""Each attribute scores as the highest of its labels."""

ATTRIBUTES |= {
    f"{name}_EXPERIMENTAL": ATTRIBUTES[name]
    for name in (
        "TOXICITY",
        "SEVERE_TOXICITY",
        "IDENTITY_ATTACK",
        "INSULT",
        "PROFANITY",
        "THREAT",
    )
}

NOT_INDONESIAN = frozenset(
    {
        "AFFINITY_EXPERIMENTAL",
        "ATTACK_ON_AUTHOR",
        "ATTACK_ON_COMMENTER",
        "COMPASSION_EXPERIMENTAL",
        "CURIOSITY_EXPERIMENTAL",
        "FLIRTATION",
        "INCOHERENT",
        "INFLAMMATORY",
        "LIKELY_TO_REJECT",
        "NUANCE_EXPERIMENTAL",
        "OBSCENE",
        "PERSONAL_STORY_EXPERIMENTAL",
        "REASONING_EXPERIMENTAL",
        "RESPECT_EXPERIMENTAL",
        "UNSUBSTANTIAL",
    }
)
"""What the original gave for English alone, and refused for Indonesian by the language."""

LANGUAGES = frozenset({"id", "in", "jv", "su", "bew", "min", "en"})
"""What may be asked for. English is, because Coral names it for every site whose language it
does not know, Indonesian ones among them; ``in`` is the old code of Indonesian."""

DETECTED = "id"
UNDETECTED = "und"


def supports(language: str) -> bool:
    """Say whether a language tag may be asked for, in any region."""
    return language.strip().lower().partition("-")[0] in LANGUAGES


def score_of(attribute: str, scores: Scores) -> float:
    """Return an attribute's score."""
    return max(scores[label] for label in ATTRIBUTES[attribute])


def leading_label(attribute: str, scores: Scores) -> Label:
    """Return the label an attribute's score comes from."""
    return max(ATTRIBUTES[attribute], key=lambda label: scores[label])
