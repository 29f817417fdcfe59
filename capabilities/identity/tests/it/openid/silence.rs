//! Who does not answer, or slowly: what was known holds on, as far as somebody else does not take it back.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use identity::{Call, Reply, Wire, WireError};
use serde_json::json;
use tokio::sync::Notify;

use super::{
    DECLARED,
    coming::known,
    house,
    net::{ALTRO, ANCHOR, DAY, MIDDLE, Net, OP},
    start,
    trust::{offers, set},
};
use crate::house::{Browser, House};

#[tokio::test]
async fn who_is_put_out_is_gone_at_once_and_who_is_silent_stays_until_the_chain_ends() {
    let net = Net::new();
    let house = house(&net).await;
    let statement = format!("{ANCHOR}/fetch?sub=https%3A%2F%2Fop.example");
    net.replace(&format!("{OP}/.well-known/openid-federation"), || Err(WireError("timed out".to_owned())));
    house.pass(3_700);
    house.look().await;
    assert!(offers(&house, "op").await, "silence is no answer");
    net.restore();
    net.replace(&statement, || Ok(Reply { status: 404, body: "{}".to_owned() }));
    house.pass(121);
    house.look().await;
    assert!(!offers(&house, "op").await && offers(&house, "altro").await);

    net.restore();
    house.pass(121);
    house.look().await;
    assert!(offers(&house, "op").await);
    net.replace(&format!("{ANCHOR}/.well-known/openid-federation"), || Err(WireError("timed out".to_owned())));
    house.pass(3_700);
    house.look().await;
    assert!(offers(&house, "op").await && offers(&house, "altro").await);
    house.pass(31 * DAY);
    assert!(!offers(&house, "op").await && !offers(&house, "altro").await, "nobody vouches for them any more");
}

#[tokio::test]
async fn a_provider_that_is_silent_is_asked_after_among_its_superiors() {
    let net = Net::new();
    let house = house(&net).await;
    let silent = |url: String| net.replace(&url, || Err(WireError("timed out".to_owned())));
    let of_itself = |name: &str| format!("{name}/.well-known/openid-federation");
    let about = |superior: &str, name: &str| format!("{superior}/fetch?sub={}", encode_url(name));
    let gone = |url: String| net.replace(&url, || Ok(Reply { status: 404, body: "{}".to_owned() }));
    let again = async || {
        let both = (offers(&house, "op").await, offers(&house, "altro").await);
        net.restore();
        house.pass(121);
        house.look().await;
        assert!(offers(&house, "op").await && offers(&house, "altro").await, "all is as at first");
        both
    };
    let look = async || {
        house.pass(3_601);
        house.look().await;
    };
    // Put out, and silent.
    silent(of_itself(OP));
    gone(about(ANCHOR, OP));
    look().await;
    assert_eq!(again().await, (false, true));

    // Its key is not the superior's to know any more.
    silent(of_itself(OP));
    let attacker = net.key("attaccante");
    net.change("ancora/op", move |draft| draft.claims["jwks"] = attacker.set());
    look().await;
    assert_eq!(again().await, (false, true));

    // It speaks, and names a superior who is silent.
    net.change("op", set("authority_hints", json!(["https://fuori.example"])));
    gone(about(ANCHOR, OP));
    look().await;
    assert_eq!(again().await, (false, true));

    // Who stands between is put out, and everybody below the anchor is silent.
    silent(of_itself(ALTRO));
    silent(of_itself(MIDDLE));
    gone(about(ANCHOR, MIDDLE));
    look().await;
    assert_eq!(again().await, (true, false));

    // Nobody says that it was put out.
    silent(of_itself(ALTRO));
    silent(of_itself(MIDDLE));
    silent(about(ANCHOR, OP));
    look().await;
    assert_eq!(again().await, (true, true));

    // A silent list leaves nobody in who was put out.
    silent(format!("{ANCHOR}/list?entity_type=openid_provider"));
    let listed = DECLARED.replace("providers = [\"https://op.example\", \"https://altro.example\"]", "");
    net.restore();
    let house = House::openid(&net, &listed).await;
    silent(format!("{ANCHOR}/list?entity_type=openid_provider"));
    gone(about(ANCHOR, OP));
    house.pass(3_601);
    house.look().await;
    assert!(!offers(&house, "op").await && offers(&house, "altro").await);
}

fn encode_url(name: &str) -> String {
    name.replace(':', "%3A").replace('/', "%2F")
}

#[tokio::test]
async fn nobody_waits_for_a_provider_that_is_slow() {
    let net = Net::new();
    let slow = Slow::new(&net);
    let house = House::openid_by(slow.clone(), &net, DECLARED).await;
    assert!(slow.released.load(Ordering::SeqCst), "the second is asked while the first has not answered");
    assert!(offers(&house, "op").await && offers(&house, "altro").await);
}

/// A net in which the first provider does not answer before the second was asked.
struct Slow {
    net: Arc<Net>,
    asked: (Mutex<bool>, Condvar),
    released: AtomicBool,
}

impl Slow {
    fn new(net: &Arc<Net>) -> Arc<Self> {
        Arc::new(Self { net: net.clone(), asked: Default::default(), released: AtomicBool::new(false) })
    }
}

impl Wire for Slow {
    fn send(&self, call: &Call) -> Result<Reply, WireError> {
        let of_itself = |name: &str| call.url == format!("{name}/.well-known/openid-federation");
        let (asked, woken) = &self.asked;
        if of_itself(ALTRO) {
            *asked.lock().unwrap() = true;
            woken.notify_all();
        }
        if of_itself(OP) {
            let all = asked.lock().unwrap();
            let (all, _) = woken.wait_timeout_while(all, Duration::from_secs(8), |asked| !*asked).unwrap();
            self.released.store(*all, Ordering::SeqCst);
        }
        self.net.send(call)
    }
}

#[tokio::test]
async fn who_leaves_does_not_make_room_for_others_while_their_login_still_waits() {
    let net = Net::new();
    let hanging = Arc::new(Hanging { net: net.clone(), entered: Notify::new(), over: Default::default() });
    let house = House::openid_by(hanging.clone(), &net, DECLARED).await;
    known(&net, &house).await;
    let answer = async |browser: &mut Browser<'_>| net.authorize(&start(browser, OP, "/prova").await.location);
    for _ in 0..64 {
        let mut browser = house.browser();
        let answer = answer(&mut browser).await;
        tokio::select! {
            reply = browser.get(&answer) => panic!("the provider hangs: {}", reply.status),
            () = hanging.entered.notified() => {}
        }
    }
    let mut browser = house.browser();
    let last = answer(&mut browser).await;
    assert_eq!(browser.get(&last).await.status, StatusCode::SERVICE_UNAVAILABLE, "all places are taken by work");
    hanging.end();
    while browser.get(&last).await.status == StatusCode::SERVICE_UNAVAILABLE {
        tokio::task::yield_now().await;
    }
    assert_eq!(browser.get(&last).await.status, StatusCode::FORBIDDEN, "it was taken once there was room");
}

/// A net in which tokens are not given out before the end.
struct Hanging {
    net: Arc<Net>,
    entered: Notify,
    over: (Mutex<bool>, Condvar),
}

impl Hanging {
    fn end(&self) {
        *self.over.0.lock().unwrap() = true;
        self.over.1.notify_all();
    }
}

impl Wire for Hanging {
    fn send(&self, call: &Call) -> Result<Reply, WireError> {
        if call.url.ends_with("/token") {
            self.entered.notify_one();
            let (over, woken) = &self.over;
            let waiting = woken.wait_timeout_while(over.lock().unwrap(), Duration::from_secs(20), |over| !*over);
            drop(waiting.unwrap());
        }
        self.net.send(call)
    }
}
