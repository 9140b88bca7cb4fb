"""What the command line says, in Chinese unless ``MINING_LANG=en`` or ``--lang en`` asks."""

from __future__ import annotations

import os
from collections.abc import Mapping

__all__ = ["help_text", "say", "say_skipped", "word_error"]

# Told by code: a file, a setting or a folder is at fault. Why reports can't be read, the messages
# of the page tell.
_ERRORS = {
    "E201": "表单文件有误",
    "E401": "参数有误",
    "E402": "没有这条规则",
    "E403": "单位对照表有误",
    "E405": "查询有误",
    "E501": "结果无法写入",
    "E502": "另一个进程正在写这个文件夹",
    "E503": "这里有一次没有做完的核对",
    "E504": "连不上 Dask 调度器或它的进程",
    "E505": "这里有一次没有做完的打包，输入或选项不同",
    "E506": "已有同名的文件或文件夹",
}
_HINTS = {
    "E201": "请用 mining form check 查看全部问题",
    "E401": "请用 --help 查看用法，用 mining rule 查看规则",
    "E403": "请存为 UTF-8 的 CSV，第一行写 agency,same_as（可加 from,to），以下各行写单位名称",
    "E405": "请参看 docs/queries.md；DESCRIBE findings 列出一张表的各列",
    "E501": "请换一个 --out 文件夹或腾出空间；要与已有文件并存请加 --force",
    "E502": "请等它做完；如果那个进程已经不在，请删除 .work 文件夹里的 lock 文件",
    "E503": "请用同样的输入和选项加 --resume 继续，或加 --restart 从头开始",
    "E504": "请启动 dask scheduler 和 dask worker，再加 --resume 继续",
    "E505": "请用原来的输入和选项再次运行，或加 --force 从头开始",
    "E506": "请换一个名字；要替换已有的打包请加 --force",
}
_TEXTS = {
    "zh": {
        "reports": "核对了 {reports} 份报告",
        "failed": "，另有 {failed} 份未能读取",
        "checks": "比对 {checks} 项：不一致 {mismatch}，存疑 {suspect}，一致 {consistent}，"
        "无法核对 {unverifiable}",
        "coverage": "正文数字 {found} 个：对应到表格 {linked} 个，已比对 {checked} 个",
        "skipped": "跳过 {total} 个文件：{parts}",
        "open": "请打开 {page} 查看结果（Excel 工作表：{workbook}）",
        "interrupted": "已中断，没有写出任何结果",
        "hidden": "隐藏文件",
        "duplicate": "重复文件",
        "no suffix": "无扩展名",
        "sound": "表单没有问题：{title}",
        "problems": "表单有 {n} 处问题：",
        "form-parts": "（表格 {tables}，说法 {phrases}，核对 {checks}）",
        "progress": "核对中",
        "rate": "{rate} 份/秒",
        "line": "已核对 {done}/{total} 份，每秒 {rate} 份，约剩 {left} 分钟",
        "kept": "已做完 {total} 批中的 {done} 批；用同样的命令加 --resume 可以接着做",
        "packed": "打包了 {reports} 份报告，写成 {parts} 个文件：{out}",
        "packed-kept": "其中 {n} 个文件上次已经写好",
        "packed-failed": "{n} 份未能读取，核对时会列为失败",
        "packed-unmatched": "文档变量表中有 {n} 行没有对应的报告",
        "packed-unfitting": "{n} 份报告的路径不合给出的样式，没有取到变量",
        "renamed": "{n} 份报告与别的报告同名，已改名",
        "doubles": "{n} 份报告的内容与前面某份完全相同：",
        "stratum": "{name}：{total} 份中抽 {share} 份",
        "pack-info": "{reports} 份报告，{parts} 个文件，内容共 {megabytes} MB",
        "pack-formats": "格式：{told}",
        "pack-years": "年份：{told}",
        "pack-sizes": "大小：{told}",
        "pack-variables": "文档变量（有值的份数）：{told}",
        "larger": "更大",
        "cut": "只输出了前 {n} 行；要更多请加 --limit",
    },
    "en": {
        "reports": "Audited {reports} reports",
        "failed": ", and {failed} could not be read",
        "checks": "{checks} comparisons: {mismatch} mismatches, {suspect} suspects, "
        "{consistent} consistent, {unverifiable} unverifiable",
        "coverage": "{found} figures in the narrative: {linked} linked to a cell, "
        "{checked} checked",
        "skipped": "{total} files skipped: {parts}",
        "open": "Open {page} to see the findings (worksheet: {workbook})",
        "interrupted": "Interrupted; nothing was written",
        "hidden": "hidden",
        "duplicate": "duplicate",
        "no suffix": "no suffix",
        "sound": "The form is sound: {title}",
        "problems": "The form has {n} problems:",
        "form-parts": "({tables} tables, {phrases} phrases, {checks} checks)",
        "progress": "Auditing",
        "rate": "{rate} reports/s",
        "line": "{done} of {total} reports done, {rate} reports/s, about {left} minutes left",
        "kept": "{done} of {total} shards are done; the same command with --resume goes on",
        "packed": "Packed {reports} reports into {parts} files: {out}",
        "packed-kept": "{n} of the files were there from an earlier attempt",
        "packed-failed": "{n} reports could not be read; an audit will list them as failed",
        "packed-unmatched": "{n} rows of the table of variables are for no report",
        "packed-unfitting": "{n} paths do not fit the pattern and give no variables",
        "renamed": "{n} reports had the name of another and were given a new one",
        "doubles": "{n} reports have exactly the content of one before them:",
        "stratum": "{name}: {share} of {total}",
        "pack-info": "{reports} reports in {parts} files, {megabytes} MB of contents",
        "pack-formats": "Formats: {told}",
        "pack-years": "Years: {told}",
        "pack-sizes": "Sizes: {told}",
        "pack-variables": "Document variables (reports that have them): {told}",
        "larger": "larger",
        "cut": "Only the first {n} rows are shown; --limit gives more",
    },
}


def say(key: str, *, lang: str, **values: object) -> str:
    """Return a text of the command line, its ``{fields}`` filled in."""
    return _TEXTS[lang][key].format(**values)


def say_skipped(skipped: Mapping[str, int], *, lang: str) -> str:
    """Return what was left out, the most frequent reason first."""
    named = [(n, _TEXTS[lang].get(reason, reason)) for reason, n in skipped.items()]
    parts = ", ".join(f"{name} {n}" for n, name in sorted(named, reverse=True))
    return say("skipped", lang=lang, total=sum(skipped.values()), parts=parts)


def word_error(
    *, code: str, message: str, hint: str = "", path: str | None = None, lang: str = "zh"
) -> str:
    """Return an error as one line: code, file, what is wrong, what to do."""
    where = f"{path}: " if path else ""
    if lang == "en":
        return f"[{code}] {where}{message}" + (f" — {hint}" if hint else "")
    if code not in _ERRORS:
        # Imported here: a command that ends well needs no words for errors.
        from mining.present.messages import word_failure

        return f"[{code}] {where}{word_failure(code, message)}"
    remedy = _HINTS.get(code)
    return f"[{code}] {where}{_ERRORS[code]}（{message}）" + (f"。{remedy}" if remedy else "")


def help_text(zh: str, en: str) -> str:
    """Return the help in the language of the environment, which is known before any option."""
    return en if os.environ.get("MINING_LANG") == "en" else zh
