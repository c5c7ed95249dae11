"""The image library at the desk: who may enter, what is refused, what the dialog gets."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client, TestCase
from django.urls import reverse

from newsroom.images import library
from newsroom.images.models import Image
from newsroom.publication.models import Publication
from tests import factories
from tests.conftest import logged_in
from tests.images import pictures

pytestmark = pytest.mark.django_db

LIST = "/admin/images/image/"
ADD = "/admin/images/image/add/"
CHOOSE = "/admin/images/image/choose/"
UPLOAD = "/admin/images/image/upload/"


def change(image):
    return reverse("admin:images_image_change", args=[image.pk])


def words(**fields):
    """What the form posts."""
    return {
        "alt": "Red above blue",
        "caption": "A flag.",
        "credit": "Jane Doe",
        "author": "",
        "source": "",
        "source_url": "",
        "licence": "own-work",
        "digital_source": "",
        "focal_x": "0.5",
        "focal_y": "0.5",
        **fields,
    }


def errors(response):
    return response.context["adminform"].form.errors


def test_the_addresses_have_the_names_that_the_editor_asks_for():
    assert reverse("admin:images_image_choose") == CHOOSE
    assert reverse("admin:images_image_upload") == UPLOAD


@pytest.mark.parametrize("door", [LIST, ADD, CHOOSE, "change", "delete", "history"])
def test_staff_without_permission_find_every_door_closed(powerless, picture, door):
    if not door.startswith("/"):
        door = f"/admin/images/image/{picture.pk}/{door}/"
    assert logged_in(powerless).get(door).status_code == 403


def test_staff_without_permission_cannot_upload_or_post(powerless, picture, stored):
    client, before = logged_in(powerless), stored()
    for door in (UPLOAD, ADD, change(picture)):
        answer = client.post(door, words(original=pictures.upload()))
        assert answer.status_code == 403
    assert stored() == before
    assert Image.objects.count() == 1


def test_who_may_look_may_neither_upload_nor_change(powerless, picture):
    powerless.user_permissions.add(Permission.objects.get(codename="view_image"))
    client = logged_in(powerless)
    assert client.get(LIST).status_code == 200
    assert client.get(CHOOSE).status_code == 200
    assert client.post(UPLOAD, words(original=pictures.upload())).status_code == 403
    assert client.post(change(picture), words(alt="Changed")).status_code == 403
    page = client.get(change(picture))
    assert page.status_code == 200
    assert picture.original.name not in page.text


@pytest.mark.parametrize("door", [LIST, ADD, CHOOSE, UPLOAD])
def test_the_public_is_sent_to_the_login(client, door):
    response = client.get(door)
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"] or "/admin/login/" in response["Location"]


def test_an_upload_without_the_csrf_token_is_refused(editor, stored):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(UPLOAD, words(original=pictures.upload())).status_code == 403
    assert stored() == []


def test_a_picture_is_uploaded_through_the_form(editor, stored):
    response = logged_in(editor).post(ADD, words(original=pictures.upload(), focal_x="0.3"))
    image = Image.objects.get()
    assert response.status_code == 302
    assert (image.alt, image.focal_x, image.width) == ("Red above blue", 0.3, 400)
    assert (image.uploaded_by, image.file_name) == (editor, "flag.jpg")
    assert len(stored()) == 11
    assert LogEntry.objects.get().user == editor


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (pictures.SVG, "Export it as PNG"),
        (pictures.HTML, "not a JPEG"),
        (pictures.bomb(), "50 million pixels"),
        (pictures.jpeg()[:-400], "damaged"),
    ],
)
def test_a_refused_upload_is_a_sentence_at_the_field_and_the_words_stay(
    editor, stored, data, sentence
):
    response = logged_in(editor).post(ADD, words(original=pictures.upload(data)))
    assert response.status_code == 200
    assert sentence in errors(response)["original"][0]
    assert ">\nRed above blue</textarea>" in response.text
    assert not Image.objects.exists()
    assert stored() == []


def test_a_form_without_a_file_asks_for_one(editor):
    response = logged_in(editor).post(ADD, words())
    assert list(errors(response)) == ["original"]


def test_wrong_words_leave_no_file(editor, stored):
    response = logged_in(editor).post(ADD, words(original=pictures.upload(), focal_x="7"))
    assert list(errors(response)) == ["focal_x"]
    assert stored() == []


@pytest.mark.parametrize("room", [0, 2])
def test_a_full_disk_is_a_sentence_at_the_field(editor, disk_that_fills_up, stored, room):
    disk_that_fills_up.room = room
    response = logged_in(editor).post(ADD, words(original=pictures.upload()))
    assert response.status_code == 200
    assert "nothing of it was kept" in errors(response)["original"][0]
    assert ">\nRed above blue</textarea>" in response.text
    assert not Image.objects.exists()
    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_under_the_database_leaves_no_file(editor, stored, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    client = logged_in(editor)
    monkeypatch.setattr("newsroom.images.admin.ImageAdmin.log_addition", full)
    response = client.post(ADD, words(original=pictures.upload()))
    assert "nothing of it was kept" in errors(response)["original"][0]
    assert not Image.objects.exists()
    assert stored() == []


def test_words_are_changed_and_the_file_stays(editor, picture, stored):
    before = stored()
    logged_in(editor).post(change(picture), words(alt="Other words"))
    again = Image.objects.get()
    assert (again.alt, again.renditions) == ("Other words", picture.renditions)
    assert stored() == before


def test_a_moved_focal_point_gives_the_crops_that_change_new_addresses_at_once(editor, picture):
    logged_in(editor).post(change(picture), words(credit=picture.credit, focal_y="0.9"))
    again = Image.objects.get()
    moved = {cut for cut in again.renditions if again.renditions[cut] != picture.renditions[cut]}
    # At 4:3 the others are cut at their sides only.
    assert moved == {"16x9", "3x2"}
    assert (
        again.renditions["16x9"]["jpeg"]["folder"] != picture.renditions["16x9"]["jpeg"]["folder"]
    )
    assert again.recipe(("16x9", "jpeg")) == again.recipes()["16x9", "jpeg"]


@pytest.mark.django_db(transaction=True)
def test_moved_crops_are_made_before_the_transaction_begins(editor, picture, monkeypatch):
    seen = []
    develop = library.darkroom.develop

    def watched(data, groups, **options):
        seen.append((connection.in_atomic_block, {format for _cut, format in groups}))
        return develop(data, groups, **options)

    client = logged_in(editor)
    monkeypatch.setattr(library.darkroom, "develop", watched)
    client.post(change(picture), words(credit=picture.credit, focal_y="0.9"))
    assert seen == [(False, {"jpeg"}), (False, {"webp"}), (False, {"avif"})]


def test_the_form_shows_four_crops_and_what_is_still_being_made(editor, picture):
    page = logged_in(editor).get(change(picture)).text
    for cut in ("16x9", "3x2", "1x1", "4x5"):
        assert f"/{cut}-" in page
    assert "whole: JPEG 320, 400" in page
    assert "The worker is making: WebP, AVIF." in page


def test_the_form_of_a_picture_that_is_never_cropped_says_so(editor, db):
    image = library.add(pictures.upload(), by=None, licence="cc-by-nd-4.0")
    page = logged_in(editor).get(change(image)).text
    assert "readers always see the whole picture" in page
    assert "focal__crop--wide" not in page


def test_the_form_says_whether_the_file_had_content_credentials(editor, picture):
    client = logged_in(editor)
    assert "was not verified here" not in client.get(change(picture)).text
    Image.objects.update(has_c2pa=True)
    assert "was not verified here" in client.get(change(picture)).text


def test_how_a_picture_was_made_is_an_editors_choice(editor, picture):
    logged_in(editor).post(change(picture), words(digital_source="trainedAlgorithmicMedia"))
    assert Image.objects.get().notice == "Image made with AI"


def test_the_file_is_replaced_and_the_words_stay(editor, picture, stored):
    new = pictures.upload(pictures.jpeg(800, 400), "new.jpg")
    with TestCase.captureOnCommitCallbacks(execute=True):
        logged_in(editor).post(change(picture), words(original=new))
    again = Image.objects.get()
    assert (again.width, again.file_name, again.alt) == (800, "new.jpg", "Red above blue")
    assert picture.original.name not in stored()
    assert len(stored()) == 1 + len(list(again.names()))


def test_a_refused_replacement_leaves_the_picture_as_it_was(editor, picture, stored):
    before = stored()
    svg = pictures.upload(pictures.SVG)
    response = logged_in(editor).post(change(picture), words(original=svg, alt="Changed"))
    assert "SVG" in errors(response)["original"][0]
    assert Image.objects.get().alt == "Red above blue"
    assert stored() == before


def test_a_full_disk_leaves_the_picture_as_it_was(editor, picture, disk_that_fills_up, stored):
    before = stored()
    new = words(original=pictures.upload(), alt="Changed")
    response = logged_in(editor).post(change(picture), new)
    assert "nothing of it was kept" in errors(response)["original"][0]
    assert Image.objects.get().alt == "Red above blue"
    assert stored() == before


def test_the_form_shows_the_picture_its_facts_and_what_is_missing(editor, picture):
    picture.licence = ""
    picture.save()
    page = logged_in(editor).get(change(picture)).text
    assert picture.src in page
    assert "400 × 300" in page
    assert "The licence is missing" in page
    assert "Nothing yet." in page
    assert 'class="focal__mark fx-5 fy-5"' in page


def test_no_page_of_the_library_names_an_original_or_has_inline_script_or_style(chief, picture):
    client = logged_in(chief)
    for address in (LIST, ADD, change(picture), f"{LIST}{picture.pk}/delete/", CHOOSE):
        page = client.get(address).text
        assert picture.original.name not in page
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page


def test_the_form_says_where_the_picture_is_used(chief, picture):
    story = factories.draft(lead_image=picture, headline="Flag over the harbor")
    factories.draft(body=f'<figure data-image="{picture.pk}"></figure>', headline="Second flag")
    page = logged_in(chief).get(change(picture)).text
    assert str(story) in page
    assert "Second flag" in page


def test_a_picture_in_use_is_not_deleted_and_the_page_says_why(chief, picture, stored):
    factories.draft(body=f'<figure data-image="{picture.pk}"></figure>')
    address = f"{LIST}{picture.pk}/delete/"
    client = logged_in(chief)
    assert "is in use and cannot be deleted" in client.get(address).text
    client.post(address, {"post": "yes"})
    assert Image.objects.exists()
    assert len(stored()) == 11


def test_several_pictures_are_not_deleted_when_one_is_in_use(chief, picture):
    factories.draft(lead_image=picture)
    other = factories.image()
    chosen = {"action": "delete_selected", "_selected_action": [picture.pk, other.pk]}
    client = logged_in(chief)
    assert "none was deleted" in client.post(LIST, chosen).text
    client.post(LIST, chosen | {"post": "yes"})
    assert Image.objects.count() == 2


def test_a_picture_that_is_used_while_it_is_deleted_stays(chief, picture, monkeypatch):
    factories.draft(lead_image=picture)
    nothing = lambda *args: ([], {}, set(), [])  # noqa: E731 - what the page saw a moment ago
    monkeypatch.setattr("newsroom.images.admin.ImageAdmin.get_deleted_objects", nothing)
    client = logged_in(chief)
    response = client.post(f"{LIST}{picture.pk}/delete/", {"post": "yes"}, follow=True)
    assert "is in use, so it was not deleted" in response.text
    assert Image.objects.exists()


@pytest.mark.parametrize("door", ["delete", "list"])
def test_a_deleted_picture_takes_its_files_along(chief, picture, stored, door):
    client = logged_in(chief)
    with TestCase.captureOnCommitCallbacks(execute=True):
        if door == "delete":
            client.post(f"{LIST}{picture.pk}/delete/", {"post": "yes"})
        else:
            chosen = {"action": "delete_selected", "_selected_action": [picture.pk]}
            client.post(LIST, chosen | {"post": "yes"})
    assert not Image.objects.exists()
    assert stored() == []


# --- The list -------------------------------------------------------------------------------------


def listed(client, query):
    return {str(image) for image in client.get(LIST + query).context["cl"].result_list}


def test_the_list_answers_its_questions(editor):
    factories.image(file_name="whole.jpg")
    factories.image(file_name="no-alt.jpg", alt="")
    factories.image(file_name="ornament.jpg", alt="", decorative=True)
    factories.image(file_name="no-credit.jpg", credit="")
    factories.image(file_name="no-licence.jpg", licence="")
    client = logged_in(editor)
    assert listed(client, "?alt=missing") == {"no-alt.jpg"}
    assert "no-alt.jpg" not in listed(client, "?alt=there")
    assert listed(client, "?rights=missing") == {"no-credit.jpg", "no-licence.jpg"}
    assert listed(client, "?rights=there") == {"whole.jpg", "no-alt.jpg", "ornament.jpg"}
    assert listed(client, "?licence__exact=own-work&rights=there&alt=there") == {
        "whole.jpg",
        "ornament.jpg",
    }


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@time_machine.travel(NOON, tick=False)
def test_the_list_says_whose_rights_run_out_and_which_single_use_is_used_up(chief):
    single = {"licence": "agency-single-use"}
    factories.image(file_name="endless.jpg")
    factories.image(file_name="today.jpg", rights_until=NOON + DAY / 2)
    factories.image(file_name="in-30-days.jpg", rights_until=NOON + 30 * DAY)
    factories.image(file_name="in-31-days.jpg", rights_until=NOON + 31 * DAY)
    factories.image(file_name="over.jpg", rights_until=NOON)
    used = factories.image(file_name="over-and-used.jpg", rights_until=NOON - DAY)
    factories.draft(lead_image=used)
    faces = factories.image(file_name="over-and-a-face.jpg", rights_until=NOON - DAY)
    factories.author("Ana Zimmer", portrait=faces)
    factories.image(file_name="single.jpg", **single)
    spent = factories.image(file_name="spent.jpg", **single)
    factories.published(by=chief, lead_image=spent, body=figure(spent))
    client = logged_in(chief)
    over = {"over.jpg", "over-and-used.jpg", "over-and-a-face.jpg"}
    assert listed(client, "?until=soon") == {"today.jpg", "in-30-days.jpg"}
    assert listed(client, "?until=ended") == over
    assert listed(client, "?until=used") == over - {"over.jpg"}
    assert listed(client, "?until=once") == {"spent.jpg"}
    assert len(listed(client, "?until=x")) == 9
    page = client.get(LIST, {"as": "table"}).text
    assert "Rights run out?" in page
    assert '<div class="desk-rights desk-missing">Rights ended 21 Nov 2026</div>' in page
    assert '<div class="desk-rights">Rights end 22 Nov 2026</div>' in page
    assert '<div class="desk-rights desk-missing">Single use: a story has it</div>' in page
    assert '<div class="desk-rights">Single use</div>' in page


def figure(image):
    return f'<p>Words.</p><figure data-image="{image.pk}"></figure>'


@pytest.mark.parametrize("field", ["file_name", "alt", "caption", "credit", "author"])
def test_the_list_is_searched_by_every_word_of_a_picture(editor, field):
    factories.image()
    found = factories.image(**{field: "Zeppelin"})
    assert listed(logged_in(editor), "?q=zeppelin") == {str(found)}


# --- The dialog -----------------------------------------------------------------------------------


def test_the_dialog_gets_what_it_shows_of_a_picture(reporter, picture):
    answer = logged_in(reporter).get(CHOOSE).json()
    assert answer == {
        "results": [
            {
                "id": picture.pk,
                "label": "flag.jpg",
                "thumb": picture.url(320),
                "width": 400,
                "height": 300,
                "alt": "Red above blue",
                "caption": "A flag.",
                "credit": "Jane Doe / The Agency",
                "missing": [],
                "rights": [],
            }
        ],
        "next": None,
    }


def test_the_dialog_pages_through_the_library_newest_first(reporter):
    made = [factories.image().pk for _number in range(30)]
    client = logged_in(reporter)
    first, second = client.get(CHOOSE).json(), client.get(CHOOSE, {"page": 2}).json()
    assert (first["next"], second["next"]) == (2, None)
    shown = [one["id"] for one in first["results"] + second["results"]]
    assert shown == sorted(made, reverse=True)


def test_the_dialog_searches_and_looks_up_by_id(reporter):
    other, found = factories.image(), factories.image(alt="A Zeppelin", licence="")
    client = logged_in(reporter)
    results = client.get(CHOOSE, {"q": "zeppelin"}).json()["results"]
    assert [(one["id"], one["missing"]) for one in results] == [(found.pk, ["licence"])]
    by_id = client.get(CHOOSE, {"id": [other.pk, 999_999, "x", "9" * 40]}).json()
    assert [one["id"] for one in by_id["results"]] == [other.pk]


@time_machine.travel(NOON, tick=False)
def test_the_dialog_says_what_the_rights_do_not_allow(chief):
    ended = factories.image(rights_until=NOON)
    ending = factories.image(rights_until=NOON + DAY)
    single = factories.image(licence="agency-single-use")
    client = logged_in(chief)
    factories.published(by=chief, lead_image=single)
    ids = [ended.pk, ending.pk, single.pk]
    for query in ({"q": "crane"}, {"id": ids}):
        answer = client.get(CHOOSE, query).json()["results"]
        assert {one["id"]: one["rights"] for one in answer} == {
            ended.pk: ["Rights ended 22 Nov 2026"],
            ending.pk: ["Rights end 23 Nov 2026"],
            single.pk: ["Single use: a story has it"],
        }


# --- Rights on the form ---------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_the_last_day_ends_in_the_time_zone_of_the_publication(editor, picture):
    Publication(name="The Courier", time_zone="America/New_York").save()
    client = logged_in(editor)
    client.post(change(picture), words(rights_until="2026-12-24"))
    assert Image.objects.get().rights_until == datetime(2026, 12, 25, 5, tzinfo=UTC)
    page = client.get(change(picture)).text
    assert 'type="date" name="rights_until" value="2026-12-24"' in " ".join(page.split())
    assert "End on 24 December 2026. From then on nothing stands in for it." in page


def test_a_last_day_that_was_not_touched_keeps_its_moment(editor, picture):
    """An import may have brought an hour; saving the form must not give the picture ten more."""
    Image.objects.update(rights_until=NOON)
    logged_in(editor).post(change(picture), words(alt="Other", rights_until="2026-11-22"))
    assert (Image.objects.get().alt, Image.objects.get().rights_until) == ("Other", NOON)


def test_a_last_day_is_taken_away_again(editor, picture):
    Image.objects.update(rights_until=NOON)
    logged_in(editor).post(change(picture), words(rights_until=""))
    assert Image.objects.get().rights_until is None


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "tomorrow"])
def test_an_impossible_last_day_is_a_sentence_at_the_field(editor, picture, day):
    response = logged_in(editor).post(change(picture), words(rights_until=day))
    assert list(errors(response)) == ["rights_until"]
    assert Image.objects.get().rights_until is None


def test_the_form_says_what_the_chosen_licence_asks_for_and_where_to_look_up_the_others(
    editor, picture
):
    Image.objects.update(licence="agency-single-use")
    page = logged_in(editor).get(change(picture)).text
    assert "<strong>One story only: once a story with it is published" in page
    assert "<dt>CC BY-ND 4.0, CC BY-ND 3.0, CC BY-ND 2.5, CC BY-ND 2.0</dt>" in page


def test_the_form_says_that_a_picture_for_a_single_use_is_in_several_places(chief):
    """Its licence was changed when a story and an author had it already."""
    image = factories.image()
    factories.draft(by=chief, lead_image=image)
    factories.author("Ana Zimmer", portrait=image)
    Image.objects.update(licence="agency-single-use")
    page = logged_in(chief).get(change(image)).text
    assert "no story has it yet. It is used in 2 places: choose others there." in page


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("fields", "words", "is_pressing"),
    [
        ({}, "Without end.", False),
        ({"rights_until": NOON + 31 * DAY}, "End on 23 December 2026.", False),
        ({"rights_until": NOON + 29 * DAY}, "End on 21 December 2026.", True),
        ({"rights_until": NOON - DAY}, "Ended on 21 November 2026.", True),
        ({"licence": "agency-single-use"}, "For a single use: no story has it yet.", False),
    ],
)
def test_the_form_marks_rights_that_are_over_or_soon_will_be(
    editor, picture, fields, words, is_pressing
):
    Image.objects.update(**fields)
    page = logged_in(editor).get(change(picture)).text
    marked = "desk-missing" if is_pressing else "desk-fine"
    assert f'<div class="{marked}">{words}' in page


def test_the_form_says_that_a_story_has_a_picture_for_a_single_use(chief):
    image = factories.image(licence="agency-single-use")
    factories.published(by=chief, lead_image=image)
    page = logged_in(chief).get(change(image)).text
    assert '<div class="desk-missing">For a single use: a story has it.' in page


def test_who_may_only_look_sees_the_rights(powerless, picture):
    powerless.user_permissions.add(Permission.objects.get(codename="view_image"))
    Image.objects.update(rights_until=NOON, terms_note="Forty euros")
    page = logged_in(powerless).get(change(picture)).text
    assert "Forty euros" in page


def test_a_fallback_that_cannot_stand_in_is_refused_at_its_field(editor, picture):
    other = factories.image(credit="")
    response = logged_in(editor).post(change(picture), words(fallback=other.pk))
    assert "not complete" in errors(response)["fallback"][0]


def test_the_form_says_for_which_picture_this_one_stands_in(editor, picture):
    factories.image(file_name="wharf.jpg", fallback=picture, rights_until=NOON)
    assert "wharf.jpg</a></li>" in logged_in(editor).get(change(picture)).text


def test_a_picture_whose_files_were_taken_away_has_no_broken_image_at_the_desk(chief, picture):
    Image.objects.update(renditions={}, rights_until=NOON)
    factories.author(portrait=picture)
    factories.draft(by=chief, lead_image=picture)
    client = logged_in(chief)
    for address in (LIST, change(picture), "/admin/authors/author/", "/admin/articles/article/"):
        assert 'src=""' not in client.get(address).text
    assert "made again from the original" in client.get(change(picture)).text


def test_the_dialog_uploads_a_picture_with_all_that_its_licence_demands(reporter):
    response = logged_in(reporter).post(
        UPLOAD,
        {
            "original": pictures.upload(), "alt": "A flag", "credit": "Jane Doe",
            "licence": "cc-by-2.0", "author": "Jane Doe",
            "source_url": "https://pictures.example/1", "rights_until": "2026-12-24",
        },
    )  # fmt: skip
    assert response.json()["missing"] == []
    assert Image.objects.get().rights_until == datetime(2026, 12, 25, tzinfo=UTC)


@pytest.mark.parametrize("page", ["0", "-1", "x", "1001", "9" * 400, "", "²"])
def test_an_impossible_page_is_404(reporter, page):
    assert logged_in(reporter).get(CHOOSE, {"page": page}).status_code == 404


def test_the_dialog_costs_a_fixed_number_of_queries(reporter, django_assert_max_num_queries):
    for _number in range(25):
        factories.image()
    client = logged_in(reporter)
    with django_assert_max_num_queries(6):
        client.get(CHOOSE, {"q": "crane"})


def test_the_dialog_uploads_a_picture(reporter, stored):
    response = logged_in(reporter).post(
        UPLOAD, {"original": pictures.upload(), "alt": "A flag", "credit": "Jane Doe"}
    )
    image = Image.objects.get()
    assert response.status_code == 200
    assert response.json()["id"] == image.pk
    assert response.json()["missing"] == ["licence"]
    assert (image.alt, image.uploaded_by, image.focal_x) == ("A flag", reporter, 0.5)
    assert len(stored()) == 11
    assert LogEntry.objects.get().object_id == str(image.pk)


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({}, "original"),
        ({"original": pictures.SVG}, "original"),
        ({"original": pictures.jpeg(), "licence": "stolen"}, "licence"),
        ({"original": pictures.jpeg(), "decorative": "on", "alt": "A flag"}, "decorative"),
    ],
)
def test_the_dialog_is_told_what_is_wrong_at_which_field(reporter, stored, posted, field):
    if "original" in posted:
        posted = posted | {"original": pictures.upload(posted["original"])}
    response = logged_in(reporter).post(UPLOAD, posted)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert response.json()["errors"][field][0]
    assert stored() == []


def test_a_full_disk_is_a_sentence_in_the_dialog(reporter, disk_that_fills_up, stored):
    response = logged_in(reporter).post(UPLOAD, {"original": pictures.upload()})
    assert response.status_code == 400
    assert "nothing of it was kept" in response.json()["errors"]["original"][0]
    assert not Image.objects.exists()
    assert stored() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", [ADD, UPLOAD])
def test_the_upload_is_decoded_before_the_transaction_begins(reporter, monkeypatch, door):
    """A photograph takes a second, and SQLite has one writer: others would wait at their save."""
    seen = []
    develop = library.darkroom.develop

    def watched(*args, **kwargs):
        seen.append(connection.in_atomic_block)
        return develop(*args, **kwargs)

    monkeypatch.setattr(library.darkroom, "develop", watched)
    logged_in(reporter).post(door, words(original=pictures.upload()))
    assert not any(seen)
