//! Whose settings win, and in which order ways to sign in are shown.

use store::{
    ApplicationConfig, ApplicationId, ConnectionConfig, ConnectionId, TenantId, Timestamp,
};

use super::*;

fn application(id: ApplicationId) -> Application {
    Application {
        id,
        tenant: TenantId::new(Timestamp(1), &vault::SystemRandom),
        name: "App".into(),
        kind: protocol::redirect_uri::ApplicationType::Web,
        disabled: false,
        first_party: true,
        secrets: Vec::new(),
        config: ApplicationConfig::default(),
    }
}

fn connection(code: &str, enabled: bool, only: Option<ApplicationId>) -> Arc<Connection> {
    let config = ConnectionConfig { applications: only.map(|id| vec![id]), ..Default::default() };
    let id = format!("con_{:0>26}", code);
    Arc::new(Connection {
        id: ConnectionId::parse(&id).unwrap(),
        code: code.into(),
        name: code.to_uppercase(),
        kind: context::ConnectionKind::Oidc,
        preset: String::new(),
        enabled,
        config,
        sealed_secret: None,
        mapping: String::new(),
        mapping_version: 1,
    })
}

fn codes(offer: &Offer) -> Vec<&str> {
    offer.connections.iter().map(|c| c.code.as_str()).collect()
}

#[test]
fn without_settings_of_its_own_an_application_offers_what_the_tenant_does() {
    let known = [connection("a", true, None), connection("b", false, None)];
    let offer = choose(&SignInSettings::default(), &application(ApplicationId::zero()), &known);
    assert!(offer.password && offer.password_first && offer.sign_up);
    let mut house = application(ApplicationId::zero());
    house.tenant = TenantId::system();
    assert!(!choose(&SignInSettings::default(), &house, &[]).sign_up, "no operator signs up");
    assert_eq!(codes(&offer), ["a"], "what is switched off is not offered");
    assert!(offer.connection("b").is_none());
}

#[test]
fn an_application_orders_and_leaves_out() {
    let known = [connection("a", true, None), connection("b", true, None)];
    let mut app = application(ApplicationId::zero());
    app.config.sign_in.connections = Some(vec!["b".into(), "password".into(), "gone".into()]);
    app.config.sign_in.sign_up = Some(false);
    app.config.sign_in.required_fields = Some(vec!["name".into()]);
    let house = SignInSettings::default();
    let offer = choose(&house, &app, &known);
    assert!(offer.password && !offer.password_first && !offer.sign_up);
    assert_eq!((codes(&offer), offer.required.len()), (vec!["b"], 1));
    let house = SignInSettings { password: false, ..house };
    assert!(!choose(&house, &app, &known).password, "the tenant has the last word");
    app.config.sign_in.connections = Some(Vec::new());
    let offer = choose(&house, &app, &known);
    assert!(!offer.password && offer.connections.is_empty());
}

#[test]
fn the_account_pages_take_whoever_any_application_takes() {
    let other = ApplicationId::new(Timestamp(1), &vault::SystemRandom);
    let known = [connection("a", true, Some(other.clone())), connection("b", false, None)];
    let house = SignInSettings::default();
    assert!(codes(&choose(&house, &application(ApplicationId::zero()), &known)).is_empty());
    assert_eq!(codes(&choose(&house, &application(other), &known)), ["a"]);
    assert_eq!(codes(&choose(&house, &application(ApplicationId::account()), &known)), ["a"]);
}
