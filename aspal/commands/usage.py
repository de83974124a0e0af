"""What was typed wrongly, in one line of Indonesian: click's own words are English, and several lines."""

import click


def told(error: click.UsageError) -> str:
    """The mistake, and where the command explains itself. A group without a command explains itself at once."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    where = f" Lihat: {error.ctx.command_path} --help" if error.ctx else ""
    return f"{_mistake(error)}.{where}"


def _mistake(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter():
            return f"{_name(error)} belum ditulis{_choices(error.param)}"
        case click.BadParameter():
            return f"{_name(error)}: {_wanted(error)}"
        case click.NoSuchOption():
            return f"Opsi {error.option_name} tidak dikenal"
        case click.BadOptionUsage():
            return f"Nilai untuk {error.option_name} belum ditulis"
        case click.exceptions.NoSuchCommand():
            return f"Perintah {error.command_name} tidak dikenal"
    return f"Perintah ini tidak dapat dibaca ({error.format_message().rstrip('.')})"


def _name(error: click.BadParameter) -> str:
    """An option as it is typed, a place by its capital name."""
    param = error.param
    if param is None or error.ctx is None:
        return "Nilai"
    return param.opts[0] if isinstance(param, click.Option) else param.metavar or str(param.name).upper()


def _wanted(error: click.BadParameter) -> str:
    match kind := error.param and error.param.type:
        case click.Choice():
            return f"pilih salah satu dari {', '.join(kind.choices)}"
        case click.IntRange():
            return f"harus bilangan bulat {kind.min} sampai {kind.max}"
        case click.types.IntParamType():
            return "harus bilangan bulat"
        case click.DateTime():
            return "tulis tanggalnya seperti 2026-08-31"
    return error.message


def _choices(param: click.Parameter | None) -> str:
    return f": {', '.join(param.type.choices)}" if param and isinstance(param.type, click.Choice) else ""
