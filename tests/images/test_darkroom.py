"""Whatever a picture does to its decoder happens in a child, within limits, and is a sentence here."""

import io
import os
import sys
import time
from dataclasses import replace

import pytest

from newsroom.images import darkroom, processing
from newsroom.images.darkroom import AT_ONCE, MEGABYTE, develop
from newsroom.images.processing import TOO_DEAR, Refused
from tests.images import pictures

WEBP = [("whole", "webp")]


def child(limits=AT_ONCE, *, during):
    """What the parent reads of a child in which opening a picture does this instead."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        processing.develop = during
        job = darkroom._packed(
            {"groups": [], "focal": [0.5, 0.5], "xmp": "", "limits": darkroom.asdict(limits)}
        )
        try:
            with os.fdopen(write, "wb") as out:
                darkroom.main(io.BytesIO(job), out)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        said = answer.read()
    return said, os.waitpid(pid, 0)[1]


def test_a_picture_comes_back_with_its_facts_its_words_and_its_files():
    made = develop(pictures.iptc(credit="The Agency"), WEBP)
    assert (made.facts.width, made.facts.height) == (400, 300)
    assert made.words == {"credit": "The Agency"}
    assert not made.has_c2pa
    assert [(one.format, one.width) for one in made.renditions] == [("webp", 320), ("webp", 400)]
    assert made.renditions[0].data[8:12] == b"WEBP"
    assert 5 * MEGABYTE < made.peak_bytes < AT_ONCE.memory_bytes


def test_a_refusal_of_the_child_is_the_same_sentence_here():
    with pytest.raises(Refused, match="50 million pixels"):
        develop(pictures.bomb(), WEBP)


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux limits the address space.")
def test_a_picture_that_needs_more_memory_than_it_may_have_is_refused_with_a_sentence():
    data = pictures.encoded(pictures.plain(6000, 4000), "WEBP")
    with pytest.raises(Refused):
        develop(data, WEBP, limits=replace(AT_ONCE, memory_bytes=200 * MEGABYTE))


def test_a_picture_that_takes_too_long_is_ended_and_refused():
    data = pictures.encoded(pictures.noise(2000, 1500), "PNG")
    with pytest.raises(Refused, match="more time or memory"):
        develop(data, [("whole", "avif")], limits=replace(AT_ONCE, cpu_seconds=1))
    with pytest.raises(Refused, match="more time or memory"):
        develop(data, [("whole", "avif")], limits=replace(AT_ONCE, wall_seconds=0.5))


def test_a_child_that_dies_is_a_sentence_and_its_last_words_are_in_the_log(monkeypatch, caplog):
    monkeypatch.setattr(darkroom.sys, "executable", "/bin/false")
    with pytest.raises(Refused, match="more time or memory"):
        develop(pictures.jpeg(), WEBP)
    assert "ended its process (1)" in caplog.text


def test_a_machine_without_room_for_a_child_says_so(monkeypatch):
    monkeypatch.setattr(darkroom.sys, "executable", "/no/such/python")
    with pytest.raises(Refused, match="too busy"):
        develop(pictures.jpeg(), WEBP)


def test_the_kernel_ends_a_decoder_that_never_returns():
    def busy(*args, **kwargs):
        while True:
            time.process_time()

    _said, status = child(replace(AT_ONCE, cpu_seconds=1), during=busy)
    assert os.WIFSIGNALED(status)


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux limits the address space.")
def test_memory_that_runs_out_anywhere_is_a_sentence():
    limits = replace(AT_ONCE, memory_bytes=3_000 * MEGABYTE)
    said, _status = child(limits, during=lambda *args, **kwargs: bytearray(4_000 * MEGABYTE))
    assert darkroom._unpacked(said)[0] == {"refused": TOO_DEAR}


def test_a_decoder_that_is_broken_into_writes_no_file(tmp_path):
    target = tmp_path / "owned"

    def write(*args, **kwargs):
        target.write_bytes(b"x" * 10_000)

    child(during=write)
    assert not target.exists() or target.stat().st_size == 0


def test_a_child_knows_no_secret_of_the_site(monkeypatch, tmp_path):
    spy = tmp_path / "python"
    spy.write_text("#!/bin/sh\nenv\n")
    spy.chmod(0o700)
    monkeypatch.setenv("SECRET_KEY", "of-the-site")
    monkeypatch.setattr(darkroom.sys, "executable", str(spy))
    told = darkroom._run(b"", AT_ONCE).stdout
    assert b"PATH=" in told
    assert b"of-the-site" not in told
