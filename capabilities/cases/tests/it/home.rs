use std::collections::BTreeMap;

use cases::payload::Submitted;
use rules::Value;

use crate::house::House;

/// An application for the assegno unico about one child.
fn about(submitted: &mut Submitted, child: &str) {
    submitted.service = "assegno-unico".to_owned();
    let row = BTreeMap::from([("codice_fiscale".to_owned(), Value::from(child))]);
    submitted.answers.groups.insert("figli".to_owned(), vec![row]);
}

/// The youngest of a family of the sample world.
fn youngest(house: &House, handle: &str) -> String {
    let family = house.samples.families.iter().find(|family| family.id == handle).unwrap();
    let members = family.household.members.iter();
    members.max_by_key(|member| member.person.born).unwrap().person.fiscal_code.to_string()
}

#[tokio::test]
async fn what_was_asked_for_another_child_hides_nothing() {
    let house = House::new().await;
    let elena = house.samples.fiscal_code("elena").unwrap().to_string();
    let mut browser = house.browser(&elena).await;
    let due = "Ti spetta, e non l’hai ancora chiesto: Assegno unico";
    assert!(browser.get("/casa").await.text().contains(due));
    for (child, told) in [("PRVDAA20A41H501X".to_owned(), true), (youngest(&house, "elena"), false)] {
        let mut tx = house.begin().await;
        house.file(&mut tx, &elena, |submitted| about(submitted, &child)).await;
        tx.commit().await.unwrap();
        let home = browser.get("/casa").await.text();
        assert_eq!(home.contains(due), told, "{child}: {home}");
        assert!(home.contains("In corso"), "{home}");
    }
}
