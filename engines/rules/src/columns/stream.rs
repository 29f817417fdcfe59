//! Batch after batch, on several threads, with the outcomes in the order of the batches.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{
    batch::{Batch, BatchError},
    outcomes::Outcomes,
    plan::{Plan, Worker},
};

/// Computes a stream of batches, and gives each one with its outcomes to `sink`, in the order in which they came.
///
/// Each thread takes the next `item`, makes its batch with `prepare` (where columns are decoded or generated, in
/// parallel), computes it, and waits for its turn to hand it over. So there are never more batches in memory than
/// threads, and what `sink` sees does not depend on how many there are. The first error, in the order of the items,
/// ends the stream.
///
/// # Errors
/// What `prepare` or `sink` gave, or the error of a batch that does not answer the law.
pub fn stream<'b, T: Send, E: From<BatchError> + Send>(
    plans: &[Plan<'_>],
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    prepare: impl Fn(T) -> Result<Batch<'b>, E> + Sync,
    sink: impl FnMut(&Batch<'b>, &[Outcomes]) -> Result<(), E> + Send,
) -> Result<(), E> {
    let source = Mutex::new(items.enumerate());
    let exit = Exit { state: Mutex::new(Turn { next: 0, sink, ended: None }), turned: Condvar::new() };
    let work = || {
        let _guard = Leaving(&exit);
        let mut workers: Vec<Worker> = plans.iter().map(|_| Worker::default()).collect();
        loop {
            let taken = if exit.is_over() { None } else { lock(&source).next() };
            let Some((turn, item)) = taken else { return };
            let computed = prepare(item).and_then(|batch| {
                let each = plans.iter().zip(&mut workers).map(|(plan, worker)| plan.run(&batch, worker));
                let outcomes = each.collect::<Result<Vec<_>, _>>()?;
                Ok((batch, outcomes))
            });
            exit.hand_over(turn, computed);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.max(1) {
            scope.spawn(work);
        }
        work();
    });
    let ended = exit.state.into_inner().unwrap_or_else(PoisonError::into_inner).ended;
    ended.flatten().map_or(Ok(()), Err)
}

/// Whose turn it is, and how the stream ended: `Some(None)` where a thread did not come back.
struct Turn<S, E> {
    next: usize,
    sink: S,
    ended: Option<Option<E>>,
}

struct Exit<S, E> {
    state: Mutex<Turn<S, E>>,
    turned: Condvar,
}

impl<S, E> Exit<S, E> {
    fn is_over(&self) -> bool {
        lock(&self.state).ended.is_some()
    }

    fn hand_over<'b>(&self, turn: usize, computed: Result<(Batch<'b>, Vec<Outcomes>), E>)
    where
        S: FnMut(&Batch<'b>, &[Outcomes]) -> Result<(), E>,
    {
        let mut state = lock(&self.state);
        while state.next != turn && state.ended.is_none() {
            state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.ended.is_none() {
            let handed = computed.and_then(|(batch, outcomes)| (state.sink)(&batch, &outcomes));
            state.ended = handed.err().map(Some);
            state.next += 1;
        }
        self.turned.notify_all();
    }
}

/// Wakes the others if this thread panics, so that the panic is seen and nobody waits for it.
struct Leaving<'e, S, E>(&'e Exit<S, E>);

impl<S, E> Drop for Leaving<'_, S, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.state).ended.get_or_insert(None);
            self.0.turned.notify_all();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
