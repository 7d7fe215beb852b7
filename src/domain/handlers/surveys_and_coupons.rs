//! A person answers a survey or opens a coupon.

use super::offered_buttons::{connected_sender, never_sent, page_messages, template_of};
use crate::domain::command::SurveyReply;
use crate::domain::event::{SurveyAnswer, WebhookPayload};
use crate::domain::model::message::Message;
use crate::domain::model::template::{Coupon, Feedback, SurveyQuestion, Template};
use crate::domain::model::time::Span;
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

/// How many days a survey can be answered if it does not say.
const DEFAULT_DAYS: u8 = 1;
/// Characters of a free-text answer.
const MAX_TEXT: usize = 400;
/// The lowest and the highest score of each kind of question.
const SCALES: [(&str, u8, u8); 3] = [("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7)];

fn survey_of(message: &Message) -> Option<&Feedback> {
    template_of(message).and_then(|template| match template {
        Template::Feedback(survey) => Some(&**survey),
        _ => None,
    })
}

fn coupon_of(message: &Message) -> Option<&Coupon> {
    template_of(message).and_then(|template| match template {
        Template::Coupon(coupon) => Some(&**coupon),
        _ => None,
    })
}

/// The person answers the newest survey, once and in time.
pub fn answer_survey(tx: &mut ThreadTx<'_>, reply: &SurveyReply) -> Result<Reply, Refusal> {
    let newest = page_messages(tx).find_map(|message| Some((message, survey_of(message)?)));
    let Some((message, survey)) = newest else {
        return Err(Refusal::not_there_yet("no survey was ever sent in this thread"));
    };
    if tx.thread.survey_answered() == Some(message.at) {
        return Err(Refusal::script(format!("the survey `{}` is filled in already", survey.title)));
    }
    let days = survey.expires_in_days.unwrap_or(DEFAULT_DAYS);
    if !message.is_recent(tx.now, Span::days(u64::from(days))) {
        return Err(Refusal::script(format!("the survey `{}` could be filled in for {days} days", survey.title)));
    }
    let answer = check_answer(&survey.question, reply)?;
    let (by, at) = (connected_sender(tx, message.author), message.at);
    tx.thread.set_survey_answered(at);
    tx.emit_to_concerned(by, WebhookPayload::SurveyAnswered(Box::new(answer)));
    Ok(Reply::Done)
}

/// An answer that a question takes.
pub fn fitting_reply(question: &SurveyQuestion) -> SurveyReply {
    match SCALES.iter().find(|(kind, ..)| *kind == &*question.kind) {
        Some((.., most)) => SurveyReply { score: Some(most.to_string().into()), text: None },
        None => SurveyReply { score: None, text: Some("Fine".into()) },
    }
}

fn check_answer(question: &SurveyQuestion, reply: &SurveyReply) -> Result<SurveyAnswer, Refusal> {
    if reply.text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
        return Err(Refusal::script(format!("a survey takes {MAX_TEXT} characters of text")));
    }
    let scale = SCALES.iter().find(|(kind, ..)| *kind == &*question.kind);
    let (payload, follow_up) = match (scale, &reply.score, &reply.text) {
        (Some((kind, least, most)), Some(score), text) => {
            if !score.parse().is_ok_and(|score: u8| (*least..=*most).contains(&score)) {
                return Err(Refusal::script(format!("a score of {kind} is {least} to {most}, found `{score}`")));
            }
            if text.is_some() && question.follow_up.is_none() {
                return Err(Refusal::script("this survey has no field for text: it was sent without `follow_up`"));
            }
            (score, text.clone())
        }
        (Some((kind, least, most)), None, _) => {
            return Err(Refusal::script(format!("this survey asks for a score of {kind}, {least} to {most}")));
        }
        (None, None, Some(text)) => (text, None),
        (None, ..) => return Err(Refusal::script("this survey asks for text, and for no score")),
    };
    Ok(SurveyAnswer { question: question.id.clone(), kind: question.kind.clone(), payload: payload.clone(), follow_up })
}

/// The person looks at the code of a coupon.
pub fn open_coupon(tx: &mut ThreadTx<'_>, title: &str) -> Result<Reply, Refusal> {
    let coupons = || page_messages(tx).filter_map(|message| Some((message, coupon_of(message)?)));
    let Some((message, coupon)) = coupons().find(|(_, coupon)| &*coupon.title == title) else {
        return Err(never_sent("coupon", title, coupons().map(|(_, coupon)| &*coupon.title)));
    };
    let body = WebhookPayload::CouponOpened { payload: coupon.payload.clone(), code: coupon.code.clone() };
    let by = connected_sender(tx, message.author);
    tx.emit_to_concerned(by, body);
    Ok(Reply::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepare(
        kind: &str,
        has_field: bool,
        score: Option<&str>,
        text: Option<&str>,
    ) -> Result<(Box<str>, bool), Refusal> {
        let follow_up = has_field.then_some(None);
        let question = SurveyQuestion { id: "q".into(), kind: kind.into(), follow_up, ..SurveyQuestion::default() };
        let reply = SurveyReply { score: score.map(Into::into), text: text.map(Into::into) };
        check_answer(&question, &reply).map(|answer| (answer.payload, answer.follow_up.is_some()))
    }

    #[test]
    fn an_answer_must_fit_its_question() {
        let score = |score: &str| Ok((score.into(), false));
        assert_eq!(prepare("csat", true, Some("1"), None), score("1"));
        assert_eq!(prepare("nps", false, Some("0"), None), score("0"));
        assert_eq!(prepare("nps", false, Some("10"), None), score("10"));
        assert_eq!(prepare("ces", true, Some("7"), Some("fine")), Ok(("7".into(), true)));
        assert_eq!(prepare("free_form", false, None, Some("fine")), Ok(("fine".into(), false)));
        let long = "x".repeat(MAX_TEXT + 1);
        for (kind, has_field, score, text) in [
            ("csat", true, Some("0"), None),
            ("csat", true, Some("6"), None),
            ("nps", true, Some("11"), None),
            ("ces", true, Some("many"), None),
            ("ces", true, None, Some("fine")),
            ("ces", false, Some("7"), Some("fine")),
            ("csat", true, Some("5"), Some(&*long)),
            ("free_form", true, Some("5"), Some("fine")),
            ("free_form", true, None, None),
        ] {
            assert!(prepare(kind, has_field, score, text).is_err(), "{kind} {score:?} {text:?}");
        }
        for kind in ["csat", "nps", "ces", "free_form"] {
            let question = SurveyQuestion { kind: kind.into(), ..SurveyQuestion::default() };
            assert!(check_answer(&question, &fitting_reply(&question)).is_ok(), "{kind}");
        }
    }
}
