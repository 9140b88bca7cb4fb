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
    "E404": "缺少所需的组件",
    "E405": "查询有误",
    "E501": "结果无法写入",
    "E701": "缺少研究所需的数据表",
    "E702": "没有可统计的内容",
    "E703": "另给的数据无法使用",
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
    "E701": "请先用 mining audit 生成结果文件夹，再把该文件夹作为参数",
    "E702": "请检查报告中是否有存在问题一节，年份和机关是否识别出来",
    "E703": "人口表请存为 UTF-8 的 CSV，第一行写 region,year,residents；"
    "--reuse 请给 mining study reuse 的结果文件夹；文档变量表第一行须有 report，或 agency 和 year；"
    "分类词典第一行写 category,word",
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
        "older capture": "同一网页的较早存档",
        "no suffix": "无扩展名",
        "sound": "表单没有问题：{title}",
        "problems": "表单有 {n} 处问题：",
        "form-parts": "（表格 {tables}，说法 {phrases}，核对 {checks}）",
        "progress": "核对中",
        "trained": "用 {n} 条标注训练：交叉验证 micro-F1 {micro:.3f}，"
        "macro-F1 {macro:.3f}；模型在 {out}",
        "to-label": "挑出 {n} 条，请在 {out} 的 themes 列填写主题（- 表示没有）",
        "nothing-shared": "两份标注没有相同的语句",
        "bad-row": "第 {line} 行：{message}；{remedy}",
        "unlabelled": "有 {n} 行还没有标注，未使用",
        "verify-same": "{task}：{files} 个文件与清单一致",
        "verify-recomputed-same": "{task}：重新计算，{files} 个文件逐字节相同",
        "verify-missing": "缺少文件：{name}",
        "verify-changed": "文件有改动：{name}",
        "verify-inputs_missing": "找不到输入：{name}",
        "verify-inputs_changed": "输入有改动：{name}",
        "verify-recomputed": "重新计算的结果不同：{name}",
        "kwic": "找到 {found} 处，见于 {documents} 篇（共检索 {searched} 篇）",
        "engine": "未安装 rjieba，改用 jieba（较慢）；安装：pip install 'mining[fast]'",
        "alone": "各报告的 {name} 相同或不详，没有可比较的组",
        "unmatched": "文档变量表中有 {rows} 行没有对应的报告",
        "fewer-topics": "文档或词不够，只分出 {topics} 个主题（{documents} 份文档）",
        "study": "统计表和图共 {files} 个文件，写在 {out}",
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
        "older capture": "older captures of the same page",
        "no suffix": "no suffix",
        "sound": "The form is sound: {title}",
        "problems": "The form has {n} problems:",
        "form-parts": "({tables} tables, {phrases} phrases, {checks} checks)",
        "progress": "Auditing",
        "trained": "Trained on {n} labelled statements: cross-validated micro-F1 {micro:.3f}, "
        "macro-F1 {macro:.3f}; the model is in {out}",
        "to-label": "{n} statements chosen: fill in the column themes of {out} (- for none)",
        "nothing-shared": "The two files share no statement",
        "bad-row": "line {line}: {message}; {remedy}",
        "unlabelled": "{n} rows have no label yet and were not used",
        "verify-same": "{task}: {files} files are as the manifest tells",
        "verify-recomputed-same": "{task}: computed again, {files} files are the same",
        "verify-missing": "file missing: {name}",
        "verify-changed": "file changed: {name}",
        "verify-inputs_missing": "input missing: {name}",
        "verify-inputs_changed": "input changed: {name}",
        "verify-recomputed": "comes out differently: {name}",
        "kwic": "{found} places in {documents} of {searched} documents",
        "engine": "rjieba is not installed, jieba is used (slower); pip install 'mining[fast]'",
        "alone": "all reports have the same {name}, or none: there is nothing to compare",
        "unmatched": "{rows} rows of the table of variables are for no report",
        "fewer-topics": "only {topics} topics: the {documents} documents have no more in them",
        "study": "{files} files of tables and charts are in {out}",
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
