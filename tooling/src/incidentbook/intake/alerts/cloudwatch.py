"""CloudWatch: alarms that come through SNS, in its envelope or without, or as events of EventBridge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from incidentbook.intake.alerts.alert import (
    Alert,
    AlertState,
    Reading,
    System,
    Unmoved,
    identity,
    known_words,
    labels_of,
    paragraphs,
)
from incidentbook.intake.payload import Fields, items, mapping, part
from incidentbook.intake.texts import one_line
from incidentbook.intake.times import foreign_time

_STATES = {"ALARM": AlertState.FIRING, "OK": AlertState.RESOLVED}
_EVENT = "CloudWatch Alarm State Change"


def _knows(payload: Any) -> bool:
    fields = mapping(payload)
    return (
        ("TopicArn" in fields and "Type" in fields)
        or ("AlarmName" in fields and "NewStateValue" in fields)
        or (fields.get("source") == "aws.cloudwatch" and isinstance(fields.get("detail"), dict))
        or any("Sns" in mapping(one) for one in items(fields.get("Records")))
    )


def _read(payload: Any) -> Reading:
    for one in items(payload.get("Records")) or [payload]:
        fields = mapping(part(one, "Sns")) or mapping(one)
        if "detail" in fields:
            yield _event(fields)
        elif "TopicArn" in fields:
            yield _envelope(fields)
        else:
            yield _notification(fields, "")


def _envelope(envelope: Fields) -> Alert | Unmoved:
    kind = one_line(envelope.get("Type"), 60)
    if kind not in ("Notification", ""):
        return Unmoved(f"the message is `{kind}`; a subscription is confirmed at the topic, not here")
    message = envelope.get("Message")
    try:
        inside = json.loads(message, strict=False) if isinstance(message, str) else message
    except (ValueError, RecursionError):
        inside = None
    topic = one_line(envelope.get("TopicArn"), 300)
    if isinstance(inside, dict) and "detail" in inside:
        return _event(inside)
    if not isinstance(inside, dict) or "AlarmName" not in inside:
        return Unmoved("the notification holds no alarm")
    return _notification(inside, topic)


def _notification(alarm: Fields, topic: str) -> Alert | Unmoved:
    name = one_line(alarm.get("AlarmName"))
    region = topic.split(":")[3] if topic.count(":") >= 5 else one_line(alarm.get("Region"), 80)
    account = one_line(alarm.get("AWSAccountId"), 40)
    dimensions = {
        one_line(one.get("name"), 80): one.get("value")
        for one in map(mapping, items(part(alarm, "Trigger", "Dimensions"))[:20])
    }
    return _alarm(
        key=identity(alarm.get("AlarmArn"), 400)
        or f"arn:aws:cloudwatch:{region}:{account}:alarm:{identity(alarm.get('AlarmName'), 260)}",
        name=name,
        state=alarm.get("NewStateValue"),
        text=paragraphs(alarm.get("AlarmDescription"), alarm.get("NewStateReason")),
        at=alarm.get("StateChangeTime"),
        labels={**labels_of(dimensions), "region": one_line(alarm.get("Region"), 80), "account": account},
    )


def _event(event: Fields) -> Alert | Unmoved:
    detail = mapping(event.get("detail"))
    kind = one_line(event.get("detail-type"), 80)
    if kind != _EVENT:
        return Unmoved(f"the event is `{kind}`; what is read is `{_EVENT}`")
    name = one_line(detail.get("alarmName"))
    region, account = one_line(event.get("region"), 80), one_line(event.get("account"), 40)
    arn = next((identity(one, 400) for one in items(event.get("resources"))), "")
    dimensions: dict[str, Any] = {}
    for metric in items(part(detail, "configuration", "metrics"))[:5]:
        dimensions |= mapping(part(metric, "metricStat", "metric", "dimensions"))
    return _alarm(
        key=arn or f"arn:aws:cloudwatch:{region}:{account}:alarm:{identity(detail.get('alarmName'), 260)}",
        name=name,
        state=part(detail, "state", "value"),
        text=paragraphs(part(detail, "configuration", "description"), part(detail, "state", "reason")),
        at=part(detail, "state", "timestamp") or event.get("time"),
        labels={**labels_of(dimensions), "region": region, "account": account},
    )


def _alarm(
    *, key: str, name: str, state: Any, text: str, at: Any, labels: Mapping[str, str]
) -> Alert | Unmoved:
    said = one_line(state, 40)
    found = _STATES.get(said.upper())
    if found is None or not name:
        return Unmoved(f"the alarm is `{said}`, neither ALARM nor OK")
    return Alert(
        system="cloudwatch",
        id=key,
        state=found,
        title=name,
        text=text,
        at=foreign_time(at),
        services=(*known_words(labels), *(text for text in labels.values() if text)),
        labels={key: text for key, text in labels.items() if text},
    )


SYSTEM = System(
    name="cloudwatch",
    title="CloudWatch",
    looks_for="`TopicArn`, `AlarmName` and `NewStateValue`, or `source: aws.cloudwatch`",
    knows=_knows,
    read=_read,
)
