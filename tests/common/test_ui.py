"""The components, as templates use them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context)).strip()


def test_an_icon_is_an_ornament_unless_it_is_named() -> None:
    assert render('{% icon "users" %}') == (
        '<svg class="ic" aria-hidden="true"><use href="/static/img/icons.svg#users"/></svg>'
    )
    assert 'role="img" aria-label="Show &lt;it&gt;"' in render('{% icon "eye" label=name %}', name="Show <it>")


def test_a_tag_has_colour_icon_and_word() -> None:
    html = render('{% tag "ok" word %}', word="Active & well")
    assert (
        html.startswith('<span class="tag ok">'),
        "#circle-check" in html,
        "Active &amp; well" in html,
    ) == (
        True,
        True,
        True,
    )
    assert render('{% tag "" "Draft" %}') == '<span class="tag">Draft</span>'


@pytest.mark.parametrize(
    ("code", "kind", "icon", "word"),
    [
        ("ahead", "ok", "trending-up", "Ahead"),
        ("met", "ok", "circle-check", "On plan"),
        ("near", "warn", "alert-triangle", "Nearly on plan"),
        ("behind", "bad", "trending-down", "Behind"),
        ("overdue", "bad", "clock", "Overdue"),
        ("unknown", "", "minus", "No data"),
        ("something new", "", "minus", "No data"),
    ],
)
def test_a_state_is_shown_three_ways(code: str, kind: str, icon: str, word: str) -> None:
    html = render("{% state code %}", code=code)
    assert f'class="{f"tag {kind}".strip()}"' in html
    assert f"#{icon}" in html
    assert html.endswith(f"{word}</span>")


@pytest.mark.parametrize(
    ("language", "text", "html"),
    [
        ("zh-hans", "3.23万", '3.23<span class="unit">万</span>'),
        ("en", "32,318", "32,318"),
    ],
)
def test_ten_thousands_are_a_chinese_unit(language: str, text: str, html: str) -> None:
    with translation.override(language):
        assert (render("{{ 32318|wan }}"), render("{% figure 32318 %}")) == (text, html)


def test_figures_carry_their_unit_small() -> None:
    assert render("{% figure 104 unit='家' %}") == '104<span class="unit">家</span>'
    ratio = Fraction(473, 1000)
    assert render("{% figure r style='percent' %}", r=ratio) == '47.3<span class="unit">%</span>'
    assert render("{% figure nothing unit='家' %}", nothing=None) == "—"


def test_numbers_in_tables() -> None:
    source = "{{ n|thousands }} {{ n|money }} {{ r|percent }} {{ d|signed }} {{ r|points }} {{ no|thousands }}"
    html = render(source, n=32318, r=Fraction(2, 1000), d=-639)
    assert html == "32,318 32,318.00 0.2% −639 +0.2 percentage points —"


def test_days_in_tables_in_sentences_and_on_axes() -> None:
    context = {"d": date(2016, 6, 30), "t": datetime(2016, 7, 2, 8, 40, tzinfo=UTC)}
    source = "{{ d|day }} / {{ d|long_day }} / {{ d|quarter }} / {{ t|moment }} / {{ none|day }}"
    assert render(source, none=None, **context) == "2016-06-30 / 30 June 2016 / 2016Q2 / 2016-07-02 16:40 / —"
    with translation.override("zh-hans"):
        assert render("{{ d|long_day }}", **context) == "2016年6月30日"


def test_a_bullet_shows_value_target_and_what_is_due_without_inline_style() -> None:
    html = render("{% bullet 32318 36500 due=32957 low=True label='32,318 of 36,500' %}")
    assert 'class="fg low" x="0" y="4" width="88.5%"' in html
    assert 'class="pl" x="90.3%"' in html
    assert 'aria-label="32,318 of 36,500"' in html
    assert "style" not in html


def test_a_bar_leaves_room_for_being_ahead() -> None:
    assert 'width="92.1%"' in render("{% bar 4873 4760 %}")
    assert 'width="0%"' in render("{% bar nothing 4760 %}", nothing=None)
    assert 'width="0%"' in render("{% bar 5 0 %}")


def test_a_target_card_says_in_words_what_the_bar_shows() -> None:
    html = render('{% goal name="Members" value=32318 state="behind" target=36500 due=32957 base=27800 note="-639" %}')
    parts = ["Behind", "Actual 32,318, due 32,957, target 36,500", "Base 27,800", "-639", "fg low"]
    assert [part for part in parts if part not in html] == []


def test_a_target_card_without_a_figure_is_empty_not_zero() -> None:
    html = render(
        '{% goal name="Members" value=v state="unknown" target=t style="percent" %}', v=None, t=Fraction(1, 2)
    )
    assert ("No data" in html, "—" in html, ">50%<" in html) == (True, True, True)


def test_crumbs_end_with_the_page_itself() -> None:
    html = render('{% crumbs "Members" "/members/" name %}', name="A & B")
    assert '<li><a href="/members/">Members</a></li><li>A &amp; B</li>' in html


def test_steps_tell_done_from_current() -> None:
    html = render("{% steps items current=2 %}", items=[("Upload", "24 rows"), ("Preview", ""), ("Commit", "")])
    assert html.count('class="done"') == 1
    assert html.count('aria-current="step"') == 1


def test_the_pager_keeps_the_filter_of_the_page(rf: RequestFactory) -> None:
    page = Paginator(range(214), 12).page(2)
    html = render("{% pager page %}", page=page, request=rf.get("/members/?q=科技&page=2"))
    assert "13–24 of 214" in html
    assert 'href="?q=%E7%A7%91%E6%8A%80&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_way_to_others(rf: RequestFactory) -> None:
    html = render("{% pager page %}", page=Paginator(range(3), 12).page(1), request=rf.get("/"))
    assert "1–3 of 3" in html
    assert "<ul>" not in html


class Upload(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the licence")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], required=False)
    sort = forms.ChoiceField(label="Sort", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Sure")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    html = render("{% field form.name %}", form=Upload({}))
    parts = [
        '<label class="form-label" for="id_name">Name <span class="req">(required)</span></label>',
        'aria-describedby="id_name_help id_name_error"',
        'aria-invalid="true"',
        'class="form-control is-invalid"',
        'id="id_name_help">As on the licence<',
        'id="id_name_error"',
        "This field is required.",
    ]
    assert [part for part in parts if part not in html] == []


def test_what_may_stay_empty_is_not_marked() -> None:
    html = render("{% field form.kind %}", form=Upload())
    assert ("(required)" in html, 'class="form-select"' in html, "aria-invalid" in html) == (
        False,
        True,
        False,
    )


def test_choices_are_a_group_with_a_legend() -> None:
    html = render("{% field form.sort %}", form=Upload())
    assert (html.startswith("<fieldset"), html.count('class="form-check-input"')) == (True, 2)


def test_a_tick_stands_before_its_label() -> None:
    html = render("{% field form.sure %}", form=Upload())
    assert html.index("<input") < html.index("Sure")


def test_a_password_can_be_shown() -> None:
    assert 'data-show-password aria-controls="id_secret"' in render("{% field form.secret %}", form=Upload())


def test_the_summary_links_to_each_field_to_be_changed() -> None:
    html = render("{% error_summary form %}", form=Upload({"sort": "a", "sure": "on", "secret": "x"}))
    assert "1 thing has to be changed" in html
    assert '<a href="#id_name">Name</a>' in html
    assert render("{% error_summary form %}", form=Upload()) == ""


def test_boxes_escape_their_titles_and_keep_their_content() -> None:
    html = render('{% note "bad" title=t %}<a href="/x">y</a>{% endnote %}', t="<b>")
    assert ('role="alert"' in html, "&lt;b&gt;" in html, '<a href="/x">y</a>' in html) == (True, True, True)
    assert "&lt;b&gt;" in render("{% empty_box title=t %}x{% endempty_box %}", t="<b>")
    assert "Number to quote:" in render('{% error_box title="x" code="e7" %}{% enderror_box %}')


def test_chinese_sentences_close_up_and_english_ones_keep_their_space() -> None:
    source = "{% filter close_up %}\n<b>One</b>。\n  Two；\n{% endfilter %}"
    assert render(source) == "<b>One</b>。\n  Two；"
    with translation.override("zh-hans"):
        assert render(source) == "<b>One</b>。Two；"


def test_a_line_of_the_timeline_has_day_fact_and_author() -> None:
    html = render('{% entry day=d title="Joined" kind="ok" by="Li" %}<i>x</i>{% endentry %}', d=date(2016, 7, 4))
    assert html.startswith('<li><time datetime="2016-07-04">2016-07-04</time><span class="sev ok">')
    assert '<b>Joined</b></div><i>x</i><div class="who-by">Li</div>' in html


def test_vendored_files_are_named_without_their_version() -> None:
    address = render('{% vendor "bootstrap/bootstrap.min.css" %}')
    assert address.startswith("/static/vendor/bootstrap-5.")
