"""POST …/feedback: a person or a program says what the category is, and the memory learns from it."""

from apiflask import APIBlueprint
from pydantic import Field

from incidents import classification, names
from web.api.actions import ActedShape, By, Name
from web.api.shapes import whole
from web.desk import desk

api = APIBlueprint("feedback", __name__, tag="Actions")


class FeedbackBody(By):
    category: Name = Field(description="one of the organization's categories")


@api.post("/api/v1/incidents/<name>/feedback")
@api.input(FeedbackBody, arg_name="body", example={"category": "database"})
@api.output(ActedShape)
@api.doc(summary="Correct the category")
def feedback(name: str, body: FeedbackBody) -> ActedShape:
    with desk().store.begin() as tx:
        incident = names.find(tx, name, lock=True)
        changed = classification.correct(tx, incident, body.category.lower(), by=body.actor, via="api")
        return ActedShape(**dict(whole(tx, incident, desk().settings)), changed=changed)
