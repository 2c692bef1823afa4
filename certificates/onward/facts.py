"""What happened to destinations and deliveries."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DestinationChanged(Fact):
    fact_type: ClassVar[str] = "onward.destination_changed"
    destination_id: UUID
    is_enabled: bool


@dataclass(frozen=True, kw_only=True)
class DeliveryQueued(Fact):
    fact_type: ClassVar[str] = "onward.delivery_queued"
    delivery_id: UUID
    destination_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeliveryArrived(Fact):
    fact_type: ClassVar[str] = "onward.delivery_arrived"
    delivery_id: UUID
    destination_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeliveryParked(Fact):
    fact_type: ClassVar[str] = "onward.delivery_parked"
    delivery_id: UUID
    destination_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeliveryReplayed(Fact):
    fact_type: ClassVar[str] = "onward.delivery_replayed"
    delivery_id: UUID
    destination_id: UUID
