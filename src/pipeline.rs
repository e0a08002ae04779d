//! Work on many cores with the results in order and bounded memory.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{channel, sync_channel};

/// Items of this much weight (bytes) make a parcel, so that a thread is not woken for each small one.
const PARCEL: usize = 128 << 10;

/// Parcels under way for each thread, the ones that wait for their turn to be written included.
const IN_FLIGHT: usize = 4;

/// Hands each item to `work` on one of `jobs` threads, and the results to `sink` in the order of the items.
///
/// `weight` tells about how many bytes an item holds in memory. When `sink` breaks, the rest is dropped.
pub fn ordered<T, R>(
    jobs: usize,
    items: impl Iterator<Item = T> + Send,
    weight: impl Fn(&T) -> usize + Send + Sync,
    work: impl Fn(T) -> R + Sync,
    sink: impl FnMut(R) -> ControlFlow<()>,
) where
    T: Send,
    R: Send,
{
    in_batches(jobs, 0, items, weight, |batch| batch.into_iter().map(&work).collect(), sink);
}

/// The same with several items at a time, in their order, one result for each: a batch ends with the item that makes it weigh `batch` bytes.
/// One that holds nothing so far may turn out to hold any amount, and ends it, too.
pub fn in_batches<T, R>(
    jobs: usize,
    batch: usize,
    items: impl Iterator<Item = T> + Send,
    weight: impl Fn(&T) -> usize + Send + Sync,
    work: impl Fn(Vec<T>) -> Vec<R> + Sync,
    mut sink: impl FnMut(R) -> ControlFlow<()>,
) where
    T: Send,
    R: Send,
{
    if jobs <= 1 {
        for batch in batches(items, &weight, batch) {
            if work(batch).into_iter().any(|result| sink(result).is_break()) {
                return;
            }
        }
        return;
    }
    let weight = &weight;
    let (parcels, waiting) = sync_channel::<(usize, Vec<T>)>(jobs * IN_FLIGHT);
    let (finished, results) = channel::<(usize, Vec<R>)>();
    // A ticket is taken for each parcel that is read, and given back when its results have been written.
    let (ticket, tickets) = sync_channel::<()>(jobs * IN_FLIGHT);
    let waiting = Mutex::new(waiting);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut parcel = Vec::new();
            let mut heavy = 0;
            let mut number = 0;
            let mut send = |parcel: Vec<T>| {
                number += 1;
                ticket.send(()).is_ok() && parcels.send((number - 1, parcel)).is_ok()
            };
            for item in items {
                // Even an item that holds nothing costs something: a file still to be read.
                heavy += weight(&item).max(PARCEL / 32);
                parcel.push(item);
                if heavy >= PARCEL {
                    heavy = 0;
                    if !send(std::mem::take(&mut parcel)) {
                        return;
                    }
                }
            }
            if !parcel.is_empty() {
                send(parcel);
            }
        });
        for _ in 0..jobs {
            let (waiting, work, finished) = (&waiting, &work, finished.clone());
            scope.spawn(move || {
                loop {
                    let next = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
                    let Ok((number, parcel)) = next else { return };
                    if finished.send((number, batches(parcel.into_iter(), weight, batch).flat_map(work).collect())).is_err() {
                        return;
                    }
                }
            });
        }
        drop(finished);
        let mut early = BTreeMap::new();
        let mut next = 0;
        let mut tickets = Some(tickets);
        for (number, parcel) in &results {
            early.insert(number, parcel);
            while let Some(parcel) = early.remove(&next) {
                next += 1;
                if let Some(tickets) = &tickets {
                    let _ = tickets.recv();
                }
                for result in parcel {
                    if tickets.is_some() && sink(result).is_break() {
                        // Without tickets the reader stops; the threads run dry.
                        tickets = None;
                    }
                }
            }
        }
    });
}

/// Items as they come, in batches that weigh `most` bytes with their last one.
fn batches<T>(mut items: impl Iterator<Item = T>, weight: &impl Fn(&T) -> usize, most: usize) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let (mut batch, mut heavy) = (Vec::new(), 0);
        while heavy < most || batch.is_empty() {
            let Some(item) = items.next() else { break };
            heavy += Some(weight(&item)).filter(|&weight| weight > 0).unwrap_or(most);
            batch.push(item);
        }
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_number_of_threads() {
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let work = |n: usize| {
                if n.is_multiple_of(97) {
                    std::thread::sleep(std::time::Duration::from_micros(300));
                }
                n * 2
            };
            ordered(
                jobs,
                0..5_000,
                |_| 3_000,
                work,
                |n| {
                    seen.push(n);
                    ControlFlow::Continue(())
                },
            );
            assert!(seen.iter().copied().eq((0..5_000).map(|n| n * 2)), "{jobs} jobs");
        }
    }

    #[test]
    fn a_batch_ends_with_what_makes_it_heavy_or_may_be_anything() {
        let items = [3, 3, 3, 3, 0, 3, 9, 3];
        let together = |most: usize| batches(items.into_iter(), &|item| *item, most).collect::<Vec<_>>();
        assert_eq!(together(6), [vec![3, 3], vec![3, 3], vec![0], vec![3, 9], vec![3]]);
        assert_eq!(together(7), [vec![3, 3, 3], vec![3, 0], vec![3, 9], vec![3]]);
        assert_eq!(together(0), items.map(|item| vec![item]));
        for jobs in [1, 3] {
            let mut seen = Vec::new();
            let work = |batch: Vec<usize>| batch.into_iter().map(|n| n * 2).collect();
            in_batches(
                jobs,
                1 << 12,
                1..2_000,
                |n| *n,
                work,
                |n| {
                    seen.push(n);
                    ControlFlow::Continue(())
                },
            );
            assert!(seen.into_iter().eq((1..2_000).map(|n| n * 2)), "{jobs} jobs");
        }
    }

    #[test]
    fn a_break_ends_an_endless_input() {
        for jobs in [1, 3] {
            let mut count = 0;
            ordered(
                jobs,
                0..,
                |_| 1 << 20,
                |n: u64| n,
                |_| {
                    count += 1;
                    if count == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            );
            assert_eq!(count, 10);
        }
    }
}
