"""The words of the field that every part shares: where a complaint stands, what it is, who is responsible. Pure."""

from enum import StrEnum


class Status(StrEnum):
    """LAPOR's word for where a complaint stands; only an import changes it."""

    UNVERIFIED = "belum_terverifikasi"  # Kominfo's own backlog
    OPEN = "belum_ditindaklanjuti"  # disposed, no response yet: clock A
    IN_PROCESS = "proses"  # responded, unfinished: clock B
    FINISHED = "selesai"
    POSTPONED = "ditunda"  # waits for the reporter
    ARCHIVED = "diarsipkan"
    NOT_OURS = "bukan_kewenangan"  # returned; waits for a new disposition


# Groups of them that figures and lists speak of. Not followed up is tunggakan: what is in process was followed up.
FOLLOWED_UP = (Status.FINISHED, Status.IN_PROCESS)
NOT_FOLLOWED_UP = (Status.OPEN, Status.UNVERIFIED)
UNFINISHED = (Status.IN_PROCESS, *NOT_FOLLOWED_UP)
AT_WORK = (Status.OPEN, Status.IN_PROCESS)  # a unit has it on its desk
# How a disposition ended that went to the wrong unit, and how one that was never the unit's to answer.
WRONG_ADDRESS = ("redisposed", "returned")
NOT_THEIRS = (*WRONG_ADDRESS, "merged", "undone")
RENEWED = "renewed"  # disposed anew to the same unit: an older round of what is still the unit's own


class Kind(StrEnum):
    """What was sent in; the legal limit depends on it."""

    COMPLAINT = "pengaduan"
    ASPIRATION = "aspirasi"
    INFORMATION = "permintaan_informasi"
    WHISTLE = "wbs"  # whistle blowing: treated as supervised and confidential


class ReplyState(StrEnum):
    """What became of a reply."""

    STORED = "stored"  # not understood yet
    MATCHED = "matched"
    ASKED = "asked"
    TRAY = "tray"
    UNKNOWN_SENDER = "unknown_sender"
    COMMAND = "command"
    PARKED = "parked"  # could not be understood without an error
    DISMISSED = "dismissed"  # by an admin


class Role(StrEnum):
    """What an appointment makes a contact responsible for."""

    LIAISON = "pejabat_penghubung"
    OPERATOR = "admin_penghubung"
    TECHNICAL = "pejabat_teknis"
    HEAD = "kepala_opd"
    SECRETARY = "sekretaris"
    INSPECTORATE = "inspektorat"
    SEKDA = "sekda"
    ADMIN = "admin_instansi"


# These act for the whole office, in the cases of every unit, whatever unit they are listed under.
OFFICE_ROLES = frozenset({Role.SEKDA, Role.INSPECTORATE, Role.ADMIN})
UNIT_ROLES = frozenset(Role) - OFFICE_ROLES
