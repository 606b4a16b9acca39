//! The queue in which tenants take turns, without threads.
//!
//! Whom a full queue turns away is the point of most tests here.

use crate::fair_queue::{FairQueue, Refused};

fn drain(queue: &mut FairQueue<&'static str>) -> Vec<&'static str> {
    std::iter::from_fn(|| queue.pop()).collect()
}

fn push(queue: &mut FairQueue<&'static str>, tenant: &str, job: &'static str) -> &'static str {
    queue.push(tenant, job).map_or("", |Refused(job)| job)
}

#[test]
fn tenants_take_turns_and_each_keeps_its_order() {
    let mut queue = FairQueue::new(10);
    for (tenant, job) in [("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1")] {
        assert_eq!(push(&mut queue, tenant, job), "");
    }
    assert_eq!(queue.len(), 5);
    assert_eq!(drain(&mut queue), ["a1", "b1", "c1", "a2", "a3"]);
    assert_eq!(queue.len(), 0);
    assert_eq!(queue.pop(), None);
}

#[test]
fn a_full_queue_refuses_the_tenant_that_filled_it() {
    let mut queue = FairQueue::new(2);
    assert_eq!(push(&mut queue, "a", "a1"), "");
    assert_eq!(push(&mut queue, "a", "a2"), "");
    assert_eq!(push(&mut queue, "a", "a3"), "a3");
    assert_eq!(drain(&mut queue), ["a1", "a2"]);
}

#[test]
fn in_a_full_queue_a_tenant_with_a_shorter_line_displaces_the_last_of_the_longest() {
    let mut queue = FairQueue::new(4);
    for job in ["a1", "a2", "a3", "a4"] {
        assert_eq!(push(&mut queue, "a", job), "");
    }
    assert_eq!(push(&mut queue, "b", "b1"), "a4");
    assert_eq!(push(&mut queue, "b", "b2"), "a3");
    assert_eq!(push(&mut queue, "b", "b3"), "b3", "lines are equal");
    assert_eq!(push(&mut queue, "a", "a5"), "a5");
    let displaced = push(&mut queue, "c", "c1");
    assert!(["a2", "b2"].contains(&displaced), "{displaced}");
    assert_eq!(queue.len(), 4);
    assert!(drain(&mut queue).contains(&"c1"));
}
