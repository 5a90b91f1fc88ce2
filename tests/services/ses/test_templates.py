"""Templates: the API, their language, and mail made of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.services.ses.test_sending import sent

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.ses import rendering

HELLO = {
    "TemplateName": "hello",
    "SubjectPart": "Hello {{name}}",
    "TextPart": "{{#each items}}{{@index}}:{{this}} {{else}}nothing{{/each}}",
    "HtmlPart": "<b>{{name}}</b>",
}


NESTED = {"a": [{"n": 1, "b": [2]}]}


@pytest.fixture
def ses(cloud: CloudUnderTest) -> Any:
    """A client with the template `hello`; mail may be sent from example.com."""
    client = cloud.client("ses")
    client.verify_domain_identity(Domain="example.com")
    client.create_template(Template=HELLO)
    cloud.settle()
    return client


def test_templates(cloud: CloudUnderTest, ses: Any) -> None:
    assert ses.get_template(TemplateName="hello")["Template"] == HELLO
    cloud.advance(1)
    ses.create_template(Template={"TemplateName": "newer", "SubjectPart": "s"})
    listed = ses.list_templates(MaxItems=1)
    assert [each["Name"] for each in listed["TemplatesMetadata"]] == ["newer"]
    listed = ses.list_templates(NextToken=listed["NextToken"])
    assert [each["Name"] for each in listed["TemplatesMetadata"]] == ["hello"]
    with pytest.raises(ses.exceptions.AlreadyExistsException) as caught:
        ses.create_template(Template=HELLO)
    text = caught.value.response["Error"]["Message"]
    assert text == "Template hello already exists for account id 000000000000"
    ses.update_template(Template={"TemplateName": "hello", "SubjectPart": "Bye"})
    shown = ses.get_template(TemplateName="hello")["Template"]
    assert shown == {"TemplateName": "hello", "SubjectPart": "Bye"}
    for bad in ({}, {"SubjectPart": "{{#if a}}"}, {"SubjectPart": "{{a"}, {"SubjectPart": "{{}}"}):
        with pytest.raises(ses.exceptions.InvalidTemplateException):
            ses.update_template(Template={"TemplateName": "hello", **bad})
    ses.delete_template(TemplateName="hello")
    ses.delete_template(TemplateName="hello")
    with pytest.raises(ses.exceptions.TemplateDoesNotExistException) as caught:
        ses.get_template(TemplateName="hello")
    assert caught.value.response["Error"]["Message"] == "Template hello does not exist"


def test_a_template_is_tried_out(ses: Any) -> None:
    def rendered(data: str) -> str:
        answer = ses.test_render_template(TemplateName="hello", TemplateData=data)
        return str(answer["RenderedTemplate"])

    text = rendered('{"name": "Bob & Co", "items": ["a", "b"]}')
    assert text.startswith("Subject: Hello Bob & Co\r\n")
    assert "0:a 1:b " in text
    assert "<b>Bob & Co</b>" in text
    with pytest.raises(ses.exceptions.MissingRenderingAttributeException) as caught:
        rendered("{}")
    text = caught.value.response["Error"]["Message"]
    assert text == "Attribute 'name' is not present in the rendering data."
    with pytest.raises(ses.exceptions.InvalidRenderingParameterException):
        rendered("[")


@pytest.mark.parametrize(
    ("template", "data", "text"),
    [
        ("{{a.b.c}}", {"a": {"b": {"c": 1}}}, "1"),
        ("{{{a}}}{{!-- note --}}{{! note }}", {"a": "<>"}, "<>"),
        ("{{#if a}}yes{{else}}no{{/if}}", {"a": []}, "no"),
        ("{{#unless a}}no{{/unless}}", {}, "no"),
        ("{{#with a}}{{b}}{{../c}}{{/with}}", {"a": {"b": 1}, "c": 2}, "12"),
        ("{{#each a}}{{@key}}={{this}}{{#if @last}}.{{/if}}{{/each}}", {"a": {"x": 1}}, "x=1."),
        ("{{#each a}}{{#each b}}{{this}}{{../n}}{{/each}}{{/each}}", NESTED, "21"),
        ("{{a.0}} {{ b }}", {"a": ["x"], "b": 1.5}, "x 1.5"),
        ("}} plain {", {}, "}} plain {"),
    ],
)
def test_the_language(template: str, data: dict[str, Any], text: str) -> None:
    assert rendering.render(template, data) == text


def templated(**settings: Any) -> dict[str, Any]:
    """SendTemplatedEmail's parameters."""
    return {
        "Source": "ann@example.com",
        "Template": "hello",
        "Destination": {"ToAddresses": ["bob@elsewhere.test"]},
        "TemplateData": json.dumps({"name": "Bob"}),
        **settings,
    }


def test_mail_is_made_of_a_template(cloud: CloudUnderTest, ses: Any) -> None:
    message = sent(cloud, ses.send_templated_email(**templated())["MessageId"])
    assert message["Subject"] == "Hello Bob"
    text, html = list(message.iter_parts())
    assert text.get_content().strip() == "nothing"
    assert html.get_content().strip() == "<b>Bob</b>"
    with pytest.raises(ses.exceptions.TemplateDoesNotExistException):
        ses.send_templated_email(**templated(Template="none"))
    with pytest.raises(ses.exceptions.ClientError, match="not a JSON object"):
        ses.send_templated_email(**templated(TemplateData="["))
    # What cannot be rendered is accepted, and never sent.
    message_id = ses.send_templated_email(**templated(TemplateData="{}"))["MessageId"]
    assert not (cloud.folder / "mail" / f"{message_id}.eml").exists()


def test_mail_to_many(cloud: CloudUnderTest, ses: Any) -> None:
    first = {"Destination": {"ToAddresses": ["bob@elsewhere.test"]}}
    second = {
        "Destination": {"ToAddresses": ["cid@elsewhere.test"]},
        "ReplacementTemplateData": json.dumps({"name": "Cid"}),
    }
    params = {
        "Source": "ann@example.com",
        "Template": "hello",
        "DefaultTemplateData": json.dumps({"name": "friend"}),
        "Destinations": [first, second, {"Destination": {"ToAddresses": ["nobody"]}}],
    }
    answers = ses.send_bulk_templated_email(**params)["Status"]
    assert [each["Status"] for each in answers] == ["Success", "Success", "InvalidParameterValue"]
    subjects = [sent(cloud, each["MessageId"])["Subject"] for each in answers[:2]]
    assert subjects == ["Hello friend", "Hello Cid"]
    refused = ses.send_bulk_templated_email(**{**params, "Source": "eve@evil.test"})["Status"]
    assert {each["Status"] for each in refused[:2]} == {"MessageRejected"}
