# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints what is wrong with the forms for reports: forms.py FORM... by GitHub's rules for issue forms, and by ours:
each form asks for all that is needed, and says what to remove.
"""

import re
import sys

import yaml

NEEDED = ["site", "stage", "steps", "page", "window", "browser", "switch", "doctor", "personal"]
TYPES = {"markdown", "input", "textarea", "dropdown", "checkboxes"}
REMOVE = {"ja": ["氏名", "マイナンバー", "暗証番号", "電子証明書"],
          "en": ["names", "My Number", "PINs", "certificates"]}


def text(value):
    return isinstance(value, str) and value.strip() != ""


def options(kind, values):
    if not isinstance(values, list) or not values:
        return "no options"
    names = [one.get("label") if kind == "checkboxes" else one for one in values]
    # YAML takes some words, such as yes and off, for something else than text.
    if not all(text(one) for one in names) or len(set(names)) != len(names):
        return "options that are no different texts"
    return None


def field(each):
    """What is wrong with one field of a form."""
    attributes = each.get("attributes")
    if each.get("type") not in TYPES or not isinstance(attributes, dict):
        return "no such type, or no attributes"
    if each["type"] == "markdown":
        return None if text(attributes.get("value")) else "no text"
    if not re.fullmatch(r"[A-Za-z0-9_-]+", each.get("id", "")) or not text(attributes.get("label")):
        return "no id, or no label"
    if each["type"] in ("dropdown", "checkboxes"):
        wrong = options(each["type"], attributes.get("options"))
        if wrong:
            return wrong
    if each["type"] == "checkboxes":
        must = all(one.get("required") is True for one in attributes["options"])
    else:
        must = each.get("validations", {}).get("required") is True
    return None if must else "may be left empty"


def problems(path):
    try:
        with open(path, encoding="utf-8") as file:
            form = yaml.safe_load(file)
    except yaml.YAMLError as error:
        return [f"no YAML: {error.problem}"]
    if not isinstance(form, dict) or not isinstance(form.get("body"), list):
        return ["no form"]
    found = [f"no {key}" for key in ("name", "description") if not text(form.get(key))]
    found += [f"{each.get('id', each.get('type'))}: {wrong}" for each in form["body"] if (wrong := field(each))]
    ids = [each["id"] for each in form["body"] if "id" in each]
    if ids != NEEDED:
        found.append(f"asks for {' '.join(ids)}")
    said = " ".join(str(each["attributes"].get("value")) for each in form["body"] if each.get("type") == "markdown")
    language = path.rsplit("-", 1)[-1].removesuffix(".yml")
    return found + [f"does not say to remove {word}" for word in REMOVE[language] if word not in said]


for name in sys.argv[1:]:
    for one in problems(name):
        print(f"{name.rsplit('/', 1)[-1]}: {one}")
