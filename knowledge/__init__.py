"""What the desk knows and how it understands: from a resident's text to a decision and the words of the answer."""

from knowledge.articles import Article, Citation, LocalFact, Route
from knowledge.catalogue import Knowledge, load_builtin, load_directory, load_pack
from knowledge.checking import Problem, check
from knowledge.decision import Agency, Context, Decision, DecisionKind, SmallTalk
from knowledge.errors import KnowledgeError
from knowledge.evaluation import Evaluation, evaluate
from knowledge.pack import pack_builtin
from knowledge.questions import same_question
from knowledge.regulations import Regulation, RegulationStatus, Verification
from knowledge.rendering import Rendered
from knowledge.topics import Topic, TopicKind

__all__ = [
    "Agency",
    "Article",
    "Citation",
    "Context",
    "Decision",
    "DecisionKind",
    "Evaluation",
    "Knowledge",
    "KnowledgeError",
    "LocalFact",
    "Problem",
    "Regulation",
    "RegulationStatus",
    "Rendered",
    "Route",
    "SmallTalk",
    "Topic",
    "TopicKind",
    "Verification",
    "check",
    "evaluate",
    "load_builtin",
    "load_directory",
    "load_pack",
    "pack_builtin",
    "same_question",
]
