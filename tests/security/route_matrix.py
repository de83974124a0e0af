"""Who may do what, route by route, written down apart from the code: the test walks every route and compares.

A route that is not here fails the test, so a new one is thought about before it is open to anybody.
"""

import re


def _of(text: str) -> frozenset[str]:
    """ "home.index GET  outbox.decide POST" as a set."""
    return frozenset(re.findall(r"\S+ (?:GET|POST)", text))


# Nobody needs to log in: what protects these stands in tests/web/test_guard.py.
EVERYBODY = _of(
    """
    documents.recap GET  health.healthz GET  security.login GET  security.login POST  static GET
    training.closed GET
    """
)
# Everybody who is logged in. Secret titles, words and numbers are hidden from viewers inside.
INSIDE = _of(
    """
    account.end_session POST  account.index GET  calendar.day GET  calendar.hours GET  calendar.index GET
    calendar.paste GET      
      complaints.detail GET  complaints.export POST  complaints.forget_view POST
    complaints.index GET    complaints.printed GET  complaints.reasons GET
    complaints.save_view POST  directory.ending GET  directory.gaps GET  directory.guests GET  directory.index GET
    directory.person GET  directory.persons GET  directory.round_page GET  directory.rounds GET  directory.unit GET
      evidence.index GET  home.figures GET  home.index GET  home.planned GET  imports.batch GET
    imports.held GET  imports.index GET  inbox.index GET  inbox.one GET  inbox.thread GET  inbox.tray GET
    office.index GET  outbox.detail GET  outbox.held GET  outbox.index GET  outbox.shadows GET  outbox.spent GET
    reports.data GET  reports.dictionary GET  reports.document GET  reports.fetch GET  reports.index GET
    reports.letterhead GET  reports.made GET  reports.make POST    reports.reminders GET
    rules.download GET  rules.draft GET  rules.index GET  rules.preview GET  rules.version GET  rules.versions GET
    security.change_password GET  security.change_password POST  security.logout POST  security.mf_recovery GET
    security.mf_recovery_codes GET  security.mf_recovery_codes POST  security.two_factor_setup GET
    security.two_factor_setup POST  security.two_factor_setup_validate POST
    security.two_factor_token_validation GET  security.two_factor_token_validation POST  security.verify GET
    security.verify POST  simulator.attachment GET  simulator.clock GET  simulator.events GET  simulator.index GET
    simulator.phone_list GET  simulator.screen GET  templates.detail GET  templates.download GET
    templates.index GET  training.index GET  vitals.index GET
    """
)
# Who decides: approvers and admins.
DECIDERS = _of(
    """
    evidence.fetch GET      reports.proof GET
    complaints.evidence GET  imports.held_download GET  imports.held_of_batch GET  inbox.again POST
    inbox.answer POST  inbox.invite POST  inbox.place POST  inbox.set_aside POST  journal.index GET
    journal.verify POST  outbox.ask GET  outbox.decide POST  outbox.decide_many POST  outbox.decide_part POST
    outbox.release_brake POST  rules.approve POST  rules.give_back POST  simulator.mark POST  simulator.pulse POST
    simulator.turn_clock POST  simulator.write POST  training.ask_end GET
    training.begin POST  training.end POST  training.walk_in POST
    """
)
# Admins alone.
ADMINS = _of(
    """
    complaints.ask GET  complaints.ask_many GET  complaints.ask_merge GET  complaints.ask_move GET  complaints.new GET
    directory.ask_end GET  imports.ask_drop GET  accounts.ask_close GET  accounts.ask_forget_two_factor GET
    accounts.ask_revoke GET  directory.ask_withdraw GET  directory.withdraw_consent POST
    evidence.ask_remove GET  rules.ask_discard GET  complaints.find_pair GET
    accounts.add POST  accounts.close POST  accounts.end_sessions POST  accounts.forget_two_factor POST
    accounts.index GET  accounts.make_token POST  accounts.reopen POST  accounts.revoke_token POST
    accounts.set_role POST  calendar.look POST  calendar.save POST  complaints.act POST  complaints.act_many POST
    complaints.merge POST  complaints.move_note POST  complaints.type_in POST  directory.absence_add POST
    directory.absence_cancel POST  directory.alias_add POST  directory.alias_drop POST  directory.check POST
    directory.consent POST  directory.duty_add POST  directory.duty_end POST  directory.duty_revise POST
    directory.export POST  directory.guest POST  directory.person_add POST  directory.person_change POST
    directory.person_new GET  directory.reachable POST  directory.recaps POST  directory.round_start POST
    directory.unit_add POST  directory.unit_change POST  directory.unit_new GET  evidence.add POST
    evidence.remove POST  imports.again POST  imports.answer POST  imports.apply POST  imports.discard POST
    imports.drop POST  imports.hand_in POST  imports.left_out GET  imports.progress GET  imports.read_again POST
    imports.settle_day POST  imports.settle_status POST  imports.settle_unit POST  imports.undo POST
    imports.undo_page GET  imports.undo_progress GET  imports.upload GET  office.choose_mode POST
    office.pause POST  office.resume POST  office.set_units POST  outbox.set_prices POST
    reports.change_letterhead POST  rules.acknowledge POST
    rules.arrange POST  rules.begin POST  rules.discard POST  rules.go_on POST  rules.limits GET  rules.load POST
    rules.publish POST  rules.roll_back POST  rules.save_limits POST  rules.save_step POST  rules.step GET
    rules.submit POST  rules.try_step POST  security.mf_recovery POST  templates.propose POST  templates.push POST
    templates.use_again POST  templates.withdraw POST  vitals.close POST
    """
)
# A token instead of a login.
TOKEN = _of(
    """
    api.complaint GET  api.complaints GET  api.description GET  api.health GET  api.imports POST  api.messages GET
    api.rapor GET  api.replies GET  health.metrics GET
    """
)
# Flask-Security brings them; they do not exist here.
CLOSED = _of(
    """
    security.tf_select GET  security.tf_select POST  security.two_factor_rescue GET  security.two_factor_rescue POST
    """
)
