"""The kinds of SDKs and their configuration properties.

Source: API Gateway's developer portal (awslabs/aws-api-gateway-developer-portal, `GetSdk.jsx`),
which has them as the console shows them; the identifiers are those of the reference of `GetSdk`.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

JAVASCRIPT = "javascript"


def _needed(name: str, friendly: str, description: str = "") -> Document:
    return _property(name, friendly, description) | {"required": True}


def _property(name: str, friendly: str, description: str) -> Document:
    return {
        "name": name,
        "friendlyName": friendly,
        "description": description,
        "required": False,
    }


def _type(name: str, friendly: str, description: str, *properties: Document) -> Document:
    return {
        "id": name,
        "friendlyName": friendly,
        "description": description,
        "configurationProperties": list(properties),
    }


TYPES = (
    _type(
        "android",
        "Android",
        "",
        _needed("groupId", "Group ID"),
        _needed("invokerPackage", "Invoker package"),
        _needed("artifactId", "Artifact ID"),
        _needed("artifactVersion", "Artifact version"),
    ),
    _type(
        "java",
        "Java",
        "Java SDK generator for API Gateway APIs",
        _needed(
            "service.name",
            "Service Name",
            "Name of the service which is used to derive the Java interface name for your client",
        ),
        _needed(
            "java.package-name",
            "Java Package Name",
            "Name of the Java package your code will be generated under",
        ),
        _property(
            "java.build-system",
            "Java Build System",
            "Build system to setup for project; Currently supported: maven, gradle",
        ),
        _property(
            "java.group-id",
            "Java Group Id",
            "Group id for your Maven or Gradle project. Defaults to package name",
        ),
        _property(
            "java.artifact-id",
            "Java Artifact Id",
            "Artifact Id for your Maven project or project name for your Gradle project. "
            "Defaults to service name",
        ),
        _property(
            "java.artifact-version",
            "Java Artifact Version",
            "Version of your Maven or Gradle project. Defaults to 1.0-SNAPSHOT",
        ),
        _property(
            "java.license-text",
            "Source Code License Text",
            "Customer provided license to inject into source file headers",
        ),
    ),
    _type(JAVASCRIPT, "JavaScript", ""),
    _type("objectivec", "iOS (Objective-C)", "", _needed("classPrefix", "Prefix")),
    _type(
        "ruby",
        "Ruby",
        "Ruby SDK generator for API Gateway APIs",
        _needed(
            "service.name",
            "Service Name",
            "Name of the service which is used to derive the name for your client",
        ),
        _property(
            "ruby.gem-name",
            "Ruby Gem Name",
            "Name of the Ruby gem your code will be generated under",
        ),
        _property(
            "ruby.gem-version",
            "Ruby Gem Version",
            "Version number for your service gem. Defaults to 1.0.0",
        ),
    ),
    _type("swift", "iOS (Swift)", "", _needed("classPrefix", "Prefix")),
)
