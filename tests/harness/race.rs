//! Many callers at one moment: the way to ask whether something that may happen once happens
//! once.

use std::sync::Barrier;

/// Runs `call(0)` … `call(count - 1)` on threads of their own that start together, and answers
/// their results in order.
pub fn race<T: Send>(count: usize, call: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..count)
            .map(|index| {
                let (start, call) = (&start, &call);
                scope.spawn(move || {
                    start.wait();
                    call(index)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a racing caller panicked")).collect()
    })
}
