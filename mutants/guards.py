"""The guards, each as the edit that takes it away and the tests that must notice. Data only, but for `applied`.

An edit is a text that stands exactly once in its files and what takes its place. When the code around a guard changes,
`tests/test_mutants.py` says which edit no longer fits.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement."""

    file: str  # a pattern: where in these files the text stands is not our business
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """The product without one of its guards."""

    guard: str  # what holds while it is there
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]  # at least one of these must fail


class DoesNotFit(Exception):
    """The text of an edit is not there, or there more than once."""


def applied(mutant: Mutant, tree: Path) -> dict[Path, str]:
    """The files of a mutant as its edits make them. Raises DoesNotFit."""
    changed: dict[Path, str] = {}
    for edit in mutant.edits:
        texts = {path: changed.get(path) or path.read_text("utf-8") for path in sorted(tree.glob(edit.file))}
        found = {path: text.count(edit.old) for path, text in texts.items() if edit.old in text}
        if sum(found.values()) != 1:
            raise DoesNotFit(f"{mutant.guard}: {sum(found.values())} times in {edit.file}: {edit.old!r}")
        changed |= {path: texts[path].replace(edit.old, edit.new) for path in found}
    return changed


def _without(guard: str, file: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(guard, (Edit(file, old, new),), tests)


_OUTBOX, _LATE, _RECONCILE = "aspal/records/outbox.py", "aspal/flow/**/*.py", "aspal/flow/reconcile.py"
_SENDING = "aspal/records/sending.py"
_DELIVER, _BUNDLE, _TABLES = "aspal/flow/**/*.py", "aspal/flow/**/*.py", "aspal/tables.py"
_DOOR, _SIGNATURE = "aspal/web/webhooks.py", "aspal/gateways/whatsapp/twilio_signature.py"
_FENCES, _LATE_TESTS = "tests/flow/test_fences.py", "tests/flow/test_late_guards.py"
_WEBHOOKS, _PEOPLE = "tests/web/test_webhooks.py", "tests/security/test_people.py"
_PERSONAL = "tests/security/test_personal_data.py"
_AT_ONCE = "tests/flow/test_two_at_once.py"
_TWICE = "tests/jobs/test_harmless.py::test_ticks_at_the_same_time_send_once"

# --- nothing twice, nothing lost ------------------------------------------------------------------------------------

_ONCE = (
    _without(
        "a claim takes only what still waits", _SENDING,
        """looks = 0, reason = NULL", where="state = 'waiting'",""", """looks = 0, reason = NULL", where="1 = 1",""",
        _FENCES,
    ),
    _without(
        "an old attempt's token changes nothing", _SENDING,
        "messages.c.token == o.token, ", "", _FENCES,
    ),
    _without(
        "what is settled already is not taken back", _SENDING,
        "messages.c.token == o.token, messages.c.state == State.SENDING)", "messages.c.token == o.token)", _FENCES,
    ),
    _without(
        "two senders on PostgreSQL do not take the same messages", _SENDING,
        "_DUE_LOCKED = _DUE.with_for_update(of=messages, skip_locked=True)", "_DUE_LOCKED = _DUE", _FENCES,
    ),
    _without(
        "a writer on SQLite waits for the other one", "aspal/db.py",
        '"BEGIN" if reads else "BEGIN IMMEDIATE"', '"BEGIN"', _FENCES, _TWICE,
    ),
    _without(
        "people take turns on PostgreSQL", "aspal/db.py", "if not self.is_sqlite:", "if False:",
        f"{_AT_ONCE}::test_a_button_pressed_twice_does_its_work_once",
    ),
    _without(
        "notices are held while their message is written", "aspal/records/notices.py",
        "\n    .with_for_update()\n", "\n",
        f"{_AT_ONCE}::test_no_message_leaves_whose_import_was_taken_back_while_it_was_written",
    ),
    _without(
        "a message is held while an admin decides about it", "aspal/desk/outbox_acts.py", ", locked=True)", ")",
        f"{_AT_ONCE}::test_what_an_admin_was_told_is_cancelled_does_not_leave",
    ),
    _without(
        "what an import takes back is held first", "aspal/records/undo.py", ".with_for_update()", "",
        f"{_AT_ONCE}::test_taking_an_import_back_beside_the_scan_ends_well",
    ),
    _without(
        "who begins again waits for the scan", "aspal/flow/inbound/commands.py",
        "    notes.lock_dispositions(turn.conn, found)", "    notes.lock_dispositions(turn.conn, [])",
        f"{_AT_ONCE}::test_who_begins_again_beside_the_scan_is_reminded_on_that_day",
    ),
    Mutant(
        "a notice is unique for case, step, person and day",
        (
            Edit(_TABLES, 'UniqueConstraint("disposition_id", "step", "contact_id", "workday"),', ""),
            Edit("aspal/records/notices.py", '    "ON CONFLICT DO NOTHING",\n', ""),
        ),
        (_FENCES,),
    ),
    Mutant(
        "an answer, a recap or a repetition is unique by its key",
        (
            Edit(_TABLES, 'Column("dedupe_key", String(200), unique=True)', 'Column("dedupe_key", String(200))'),
            Edit(_OUTBOX, ".values(values).on_conflict_do_nothing()", ".values(values)"),
        ),
        (_FENCES,),
    ),
    Mutant(
        "row first, request second",
        (
            Edit(_DELIVER, "batch = work.claim(conn, now, size)",
                 "batch = work.claim(conn, now, size)\n                "
                 "results = hands.send([one.out for one in batch or ()], now + BEGIN_WITHIN)"),
            Edit(_DELIVER, "            results = hands.send([claimed.out", "            [claimed.out"),
            Edit(_DELIVER, "claimed in batch], now + BEGIN_WITHIN)", "claimed in batch]"),
        ),
        ("tests/flow/test_deliver.py::test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing",),
    ),
    _without(
        "who oversleeps sends nothing any more", _DELIVER,
        " or self.clock.now() >= until", "", "tests/test_torture.py",
    ),
    _without(
        "nothing is repeated before the provider was asked twice", _RECONCILE,
        "LOOKS = 2", "LOOKS = 0",
        "tests/flow/test_deliver.py::test_never_arrived_is_sent_again_once_after_two_looks",
    ),
    _without(
        "what is in doubt is looked for at the provider", _RECONCILE,
        "found = recognise(message.text, strangers, alone=in_doubt and len(rivals) == 1)", "found = None",
        "tests/flow/test_deliver.py::test_accepted_but_the_answer_was_lost_is_found_and_not_repeated",
    ),
    _without(
        "a reconciler that was overtaken does nothing", _RECONCILE,
        "in_doubt = doubt.is_doubtful(conn, message)", "in_doubt = True",
        "tests/flow/test_races.py::test_a_second_reconciler_does_not_act_on_what_it_knew_before",
        "tests/flow/test_races.py::test_a_report_that_comes_while_the_provider_is_asked_wins",
    ),
    _without(
        "somebody else's message is not taken for ours", _RECONCILE,
        "return not body.strip() or", "return True or",
        "tests/flow/test_races.py::test_a_message_that_somebody_sent_by_hand_is_not_taken_for_ours",
    ),
    _without(
        "twice unknown is an admin's to decide", _RECONCILE,
        "elif message.attempts >= LOOKS:", "elif message.attempts >= 99:",
        "tests/flow/test_deliver.py::test_twice_unknown_is_an_admins_to_decide",
    ),
    _without(
        "a sender that died leaves its messages in doubt, not waiting", "aspal/records/doubt.py",
        ".values(state=State.UNKNOWN, lease_until=now, reason=",
        ".values(state=State.WAITING, lease_until=now, reason=",
        "tests/flow/test_deliver.py::test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing",
    ),
    _without(
        "a report can only add to what is known", "aspal/records/reports.py",
        "messages.c.id == message_id, messages.c.state.in_(below(reported))", "messages.c.id == message_id",
        "tests/flow/test_deliver.py::test_reports_in_any_order_end_in_the_same_state",
        "tests/flow/test_deliver.py::test_a_late_delivery_outranks_a_failure_but_not_the_other_way",
    ),
    _without(
        "a report that comes too early is not lost", _DELIVER,
        "        aftermath.heard_early(", "        False and aftermath.heard_early(", _FENCES,
    ),
    _without(
        "what turns out delivered is not repeated", "aspal/flow/aftermath.py",
        "        resending.told_after_all(conn, message_id)\n", "",
        "tests/flow/test_races.py::test_a_failure_that_turns_out_delivered_is_not_repeated",
        "tests/flow/test_races.py::test_what_was_given_up_and_came_after_all_is_not_told_again",
    ),
    _without(
        "a timeout is in doubt, never repeated blindly", "aspal/gateways/whatsapp/twilio.py",
        'raise SendFailed(None, "unknown", "Penyedia tidak menjawab',
        'raise SendFailed(None, "retry", "Penyedia tidak menjawab',
        "tests/gateways/test_whatsapp_twilio.py::test_every_fault_has_its_kind_and_nothing_is_repeated",
    ),
    Mutant(
        "a reply is stored once, however often it is posted",
        (
            Edit(_TABLES, 'Column("provider_sid", String(64), nullable=False, unique=True)',
                 'Column("provider_sid", String(64), nullable=False)'),
            Edit("aspal/records/replies.py", "ON CONFLICT (provider_sid) DO NOTHING", ""),
        ),
        ("tests/flow/test_inbound.py::test_the_same_webhook_ten_times_in_any_order_is_one_note",),
    ),
    _without(
        "a reply survives a connection that was cut meanwhile", "aspal/flow/mailroom.py",
        "is_dead(error) and not again", "False",
        "tests/flow/test_mailroom.py::test_a_connection_that_was_cut_meanwhile_costs_nobody_a_reply",
    ),
    _without(
        "a late reply does not override what was said after it", "aspal/core/claims.py",
        "if _is_overtaken(case, written_at, written_on):", "if False:",
        "tests/core/test_claims.py::test_what_was_written_before_and_comes_late_is_kept_and_changes_nothing",
    ),
    _without(
        "who acts for the unit complained about hears nothing by another role", "aspal/flow/gather.py",
        "case.people = staff.beyond_unit()", "pass",
        "tests/flow/test_supervised.py::test_who_heads_the_unit_complained_about_hears_nothing_as_the_inspectorate",
    ),
    _without(
        "a case that became supervised leaves the head's recap", "aspal/flow/deliver/late_check.py",
        "if one.case.is_supervised:", "if False:",
        "tests/flow/test_supervised.py::test_a_case_that_became_supervised_leaves_the_heads_recap",
    ),
    _without(
        "the failure of a first attempt does not repeat the second", "aspal/records/reports.py",
        "and not _is_current(conn, message_id, provider_sid)", "and False",
        "tests/flow/test_deliver.py::test_the_failure_of_a_first_attempt_does_not_repeat_the_second",
    ),
    _without(
        "the failure of a first attempt does not spoil the one in the air", "aspal/records/reports.py",
        "if token and reported is State.FAILED:", "if False:",
        "tests/flow/test_fences.py::test_a_failure_of_the_first_attempt_is_not_the_second_ones_that_is_in_the_air",
    ),
    _without(
        "what a late list shows is not sent again", _RECONCILE,
        "if not in_doubt and not doubt.is_given_up(conn, message):", "if not in_doubt:",
        "tests/flow/test_races.py::test_a_message_that_the_list_shows_late_is_neither_repeated_nor_called_unsent",
    ),
    _without(
        "an escalation that failed for good is told again", "aspal/flow/aftermath.py",
        'if kind != "template":', "if False:",
        "tests/flow/test_deliver.py::test_an_escalation_that_failed_for_good_is_told_on_the_next_working_day",
    ),
    _without(
        "after a failure nothing less is told on that day", "aspal/core/escalation.py",
        "(s.counts or s.failed)", "s.counts",
        "tests/flow/test_deliver.py::test_after_a_first_message_that_failed_for_good_no_lower_step_leaves_on_that_day",
    ),
    _without(
        "one letter, however many look", "aspal/flow/watch/alarms_out.py",
        "if not health.take_lease(conn, MAIL_ALARM, owner, now, PEN_FOR):", "if False:",
        "tests/flow/test_watch_of_worker.py::test_of_two_webs_that_look_at_the_same_time_one_writes",
    ),
    _without(
        "an answer about one held row settles no contradiction", "aspal/flow/intake/settling.py",
        "elif row.reason == CONTRADICTION:", "elif False:",
        "tests/flow/test_intake_roster.py::test_an_answer_about_another_row_does_not_settle_a_contradiction",
    ),
    _without(
        "a file of one unit ends no other unit's part", "aspal/flow/intake/__init__.py",
        "filtered = source.full and intake.leaves_others_out()", "filtered = False",
        "tests/flow/test_intake_roster.py::test_a_file_of_one_units_rows_says_nothing_about_the_others_parts",
    ),
    _without(
        "one reader's refusal does not stop the office", "aspal/gateways/whatsapp/errors.py",
        '63033: Fault("permanent", _REFUSES_PROMOTION),', '63033: Fault("config", _REFUSES_PROMOTION),',
        "tests/gateways/test_whatsapp_errors.py::test_what_one_person_refuses_does_not_stop_the_office",
    ),
    _without(
        "a step that is not reached any more is not told", "aspal/core/escalation.py",
        "    if not reach.reached:", "    if False:",
        "tests/flow/test_late_guards.py::test_a_head_is_not_told_of_a_day_that_was_declared_off_before_it_left",
    ),
    _without(
        "only one worker leads", "aspal/records/health.py",
        "or_(leases.c.owner == owner, leases.c.until <= now, leases.c.until > now + _FAR)",
        "leases.c.owner.is_not(None)",
        "tests/records/test_health.py::test_only_one_holds_the_lease_until_it_expires",
    ),
    _without(
        "one poisoned reply does not stop the others", "aspal/flow/inbound/__init__.py",
        "            except Exception as error:", "            except NotImplementedError as error:",
        "tests/flow/test_inbound.py::test_one_poisoned_reply_is_parked_after_three_tries_and_never_stops_the_others",
    ),
)  # fmt: skip

# --- the right person at the right time ------------------------------------------------------------------------------

_CHAIN = "tests/flow/test_chain.py"
_RIGHT = (
    _without(
        "a case that moved on is not sent", _LATE,
        "reason := standings[n.id].over", "reason := None and standings[n.id].over",
        f"{_CHAIN}::test_a_case_closed_between_decision_and_sending_is_not_sent",
    ),
    _without(
        "a message counts the working days of the day on which it leaves", _LATE,
        "if standings[n.id].age != n.age", "if False and standings[n.id].age != n.age",
        f"{_LATE_TESTS}::test_a_day_declared_off_before_it_left_is_not_counted_in_its_words",
    ),
    _without(
        "the office is open when a message leaves", _LATE,
        '"Menunggu jam kerja penerima.") if opening', '"Menunggu jam kerja penerima.") if False and opening',
        f"{_LATE_TESTS}::test_between_two_blocks_of_office_hours_a_message_waits",
    ),
    _without(
        "what waited too long is not sent late", _LATE,
        "\n        if message.expires_at and", "\n        if False and",
        f"{_LATE_TESTS}::test_what_was_meant_for_yesterday_is_not_sent_today",
    ),
    Mutant(  # two looks at it, by the setting and by the office's own switch: either is enough
        "only guests hear of it before the office goes live",
        (
            Edit(_LATE, 'elif self.settings.recipients == "guests" and not message.guest:', "elif False:"),
            Edit(_LATE, " and _not_live(message, ", " and False and _not_live(message, "),
        ),
        (f"{_LATE_TESTS}::test_whoever_may_not_be_written_to_any_more_is_not",),
    ),
    _without(
        "who stopped or cannot be reached is not written to", _LATE,
        "(message.opted_out or message.unreachable)", "False", _LATE_TESTS,
    ),
    _without(
        "what became confidential leaves without its title", _LATE,
        "if not over and self._tells_too_much(", "if False and self._tells_too_much(",
        f"{_CHAIN}::test_what_becomes_confidential_before_it_leaves_leaves_without_its_title",
    ),
    _without(
        "one message to a person about a case in a day", _BUNDLE,
        "this.waiting |= {n.id: HEARD_TODAY", "_ = {n.id: HEARD_TODAY",
        f"{_LATE_TESTS}::test_a_case_that_reaches_a_second_unit_of_the_same_person_is_told_the_next_day",
    ),
    _without(
        "an odd number of messages is held", _BUNDLE,
        "if total <= limit:", "if True:",
        f"{_CHAIN}::test_an_odd_number_of_messages_is_held_and_explained",
    ),
    _without(
        "a stopped sender stops everybody's messages", _LATE,
        "facts.switches.get(SENDER_STOP)", "None",
        f"{_LATE_TESTS}::test_while_the_sender_is_refused_nobodys_message_leaves",
    ),
    _without(
        "while a limit is met only the urgent leaves", _LATE,
        "facts.switches.get(ONLY_URGENT)", "None",
        "tests/flow/test_deliver.py::test_a_limit_that_is_met_lets_escalations_go_and_the_rest_wait",
    ),
    _without(
        "room is kept for escalations", _LATE,
        "self._ordinary = self._limit - self._limit // 5", "self._ordinary = self._limit",
        "tests/flow/test_deliver.py::test_room_for_escalations_is_kept_when_the_daily_limit_is_near",
        _LATE_TESTS,
    ),
    _without(
        "a text without approval is not sent", _LATE,
        "if found is None or found.content_sid is not None:", "if True:",
        f"{_LATE_TESTS}::test_a_text_leaves_when_whatsapp_has_approved_it_and_not_before",
    ),
    _without(
        "one poisoned case does not stop the others", "aspal/flow/scan.py",
        "except Exception", "except NotImplementedError",
        f"{_CHAIN}::test_a_poisoned_case_is_parked_and_the_others_go_on",
    ),
    _without(
        "nobody writes on somebody else's case", "aspal/records/replies.py",
        ".where(wanted, _within(scope))", ".where(wanted)",
        "tests/flow/test_inbound.py::test_another_units_number_never_gets_the_note",
    ),
    _without(
        "the unit complained about does not learn of a supervised complaint", "aspal/records/replies.py",
        "and_(or_(*parts), ~and_(own, supervised))", "or_(*parts)",
        "tests/flow/test_inbound.py::test_the_unit_complained_about_cannot_even_name_a_supervised_case",
    ),
    _without(
        "who names a case that is not his does not mean his only one", "aspal/core/matching.py",
        "foreign = foreign_quote or button_case is not None or", "foreign = False and",
        "tests/core/test_matching.py",
    ),
    _without(
        "who names only what is not his is not asked about the others", "aspal/core/matching.py",
        "if not named and (names_foreign if quotes else foreign):", "if False:", "tests/core/test_matching.py",
    ),
    _without(
        "machines do not answer each other for ever", "aspal/flow/inbound/turn.py",
        "if self._is_looping():", "if False:",
        "tests/flow/test_inbound_commands.py::test_two_machines_stop_talking_to_each_other",
    ),
    _without(
        "our own message come back is not answered", "aspal/flow/inbound/sender.py",
        "return form.phone is not None and form.phone == form.to", "return False",
        "tests/flow/test_inbound_commands.py::test_our_own_message_come_back_is_never_answered",
    ),
)  # fmt: skip

# --- nobody let in, nothing told ------------------------------------------------------------------------------------

_CLOSED = (
    _without(
        "a request without a genuine signature is refused", _DOOR,
        "if not self._verifier.check(form.raw_target, fields, form.headers):", "if False:",
        f"{_WEBHOOKS}::test_any_doubt_about_the_signature_is_a_403",
    ),
    _without(
        "a signature check that fails is a no", _SIGNATURE,
        "        except Exception:\n            return False", "        except Exception:\n            return True",
        "tests/gateways/test_whatsapp_signature.py",
    ),
    _without(
        "without a secret nothing passes", _SIGNATURE,
        "self._tokens = [token.encode() for token in tokens if token]",
        'self._tokens = [(token or "").encode() for token in tokens]',
        "tests/gateways/test_whatsapp_signature.py",
    ),
    _without(
        "another account's genuine request is refused", _DOOR,
        "if not _is_our_account(told, self._house.settings):", "if False:",
        f"{_WEBHOOKS}::test_another_account_is_refused_though_signed",
    ),
    _without(
        "a genuine request for another sender is refused", _DOOR,
        "if not _is_our_sender(told, our_side, self._house.settings):", "if False:",
        f"{_WEBHOOKS}::test_only_our_account_and_our_sender_pass",
    ),
    _without(
        "a body that no message can have is refused", _DOOR,
        "BODY_LIMIT = 1_000_000", "BODY_LIMIT = 100_000_000",
        f"{_WEBHOOKS}::test_a_body_that_no_message_can_have_is_a_413",
    ),
    _without(
        "a form without its token changes nothing", "aspal/web/auth.py",
        "    csrf.init_app(app)\n", "", "tests/security/test_form_tokens.py",
    ),
    _without(
        "guessing passwords is throttled", "aspal/records/accounts.py",
        "if (tries or 0) >= TRIES:", "if False:",
        "tests/web/test_login.py::test_after_five_wrong_passwords_even_the_right_one_waits",
    ),
    _without(
        "a route that forgets to say who may change is the admin's", "aspal/web/auth.py",
        '"allowed_roles", frozenset({"admin"})', '"allowed_roles", every',
        "tests/security/test_form_tokens.py::test_a_change_that_names_no_role_is_the_admins",
    ),
    _without(
        "an attachment's redirect leads nowhere but to Twilio", "aspal/gateways/media.py",
        "    raise MediaRefused(_STRANGE_PLACE)\n", "    return url\n", "tests/gateways/test_media.py",
    ),
    _without(
        "credentials stay on the first hop", "aspal/gateways/media.py",
        'reply.headers.get("location", ""), own_origin), {}', 'reply.headers.get("location", ""), own_origin), headers',
        "tests/gateways/test_media.py",
    ),
    _without(
        "an attachment of an unknown kind is not kept", "aspal/gateways/media.py",
        '    return "text/vcard" if', '    return "text/vcard" if True or', "tests/gateways/test_media.py",
    ),
    _without(
        "numbers of people are blacked out on import", "aspal/core/rows/cells.py",
        "def free_text(value: object, cap: int) -> str | None:\n    found = redact(text(value))",
        "def free_text(value: object, cap: int) -> str | None:\n    found = text(value)",
        f"{_PERSONAL}::test_numbers_of_people_in_free_cells_are_blacked_out_on_import_and_again_before_sending",
    ),
    _without(
        "numbers of people are blacked out before sending", "aspal/core/secrecy.py",
        "return redact(title)", "return title",
        "tests/core/test_secrecy.py",
    ),
    _without(
        "a confidential title is not shown", "aspal/core/secrecy.py",
        "if confidential or supervised or not title", "if not title",
        "tests/core/test_secrecy.py", f"{_CHAIN}::test_nothing_secret_is_written",
    ),
    _without(
        "no foreign or inline script runs", "aspal/web/security.py",
        "script-src 'nonce-{nonce}'", "script-src * 'unsafe-inline'",
        "tests/web/test_guard.py::test_every_page_forbids_foreign_and_inline_scripts",
    ),
    _without(
        "no other site shows our pages in a frame", "aspal/web/security.py",
        """    headers["X-Frame-Options"] = "DENY"\n""", "",
        f"{_PEOPLE}::test_every_answer_carries_its_protection",
    ),
    _without(
        "the journal's links depend on each other", "aspal/records/journal.py",
        "if row.hash != _digest(previous, row.id,", "if False and row.hash != _digest(previous, row.id,",
        "tests/records/test_journal.py",
    ),
    _without(
        "a journal that lost its tail does not verify", "aspal/records/journal.py",
        'if (anchor["id"], anchor["hash"]) != (last, previous):', "if False:", "tests/records/test_journal.py",
    ),
    _without(
        "what still runs is never forgotten", "aspal/records/retention.py",
        "dispositions.c.complaint_id.not_in(running)", "dispositions.c.created_at < before",
        f"{_PERSONAL}::test_what_still_runs_is_never_forgotten_however_old",
    ),
)  # fmt: skip

# --- never silently dead --------------------------------------------------------------------------------------------

_ALIVE = (
    _without(
        "a job that stopped turns the health red", "aspal/records/health.py",
        "return now - self.at > timedelta(seconds=3 * self.every_seconds) or", "return False or",
        "tests/web/test_health.py::test_a_heartbeat_is_red_only_when_three_intervals_old",
    ),
    _without(
        "a test message that does not arrive is an alarm", "aspal/flow/watch/canary.py",
        "elif now - newest.created_at >= ARRIVES_WITHIN:", "elif False:",
        "tests/flow/test_watch.py::test_a_test_message_that_does_not_arrive_is_an_alarm_until_one_does",
    ),
    _without(
        "an alarm is told once", "aspal/core/alerting.py",
        "for key, text in open_now.items() if key not in told.alarms", "for key, text in open_now.items()",
        "tests/core/test_alerting.py",
    ),
    _without(
        "the outside watchdog hears nothing while a job is dead", "jobs/ping.py",
        "is_late(now)", "is_late(now) and False",
        "tests/flow/test_watch.py::test_the_ping_goes_out_only_while_every_job_is_well",
    ),
    _without(
        "an alarm ends with its cause", "aspal/records/alarms.py",
        "over += [key for subject, key in keys.items() if subject not in still]", "pass",
        "tests/flow/test_watch_alarms.py",
    ),
    _without(
        "a clock that went back leaves no silence behind", "aspal/flow/housekeeping.py",
        "        doubt.wake_from_future(conn, now, today)\n", "",
        "tests/flow/test_races.py::test_a_clock_that_was_two_days_ahead_leaves_no_silence_behind",
    ),
)  # fmt: skip

MUTANTS = (*_ONCE, *_RIGHT, *_CLOSED, *_ALIVE)
