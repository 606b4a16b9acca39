//! The disk: how long one forced write takes, which is what a server without grouped commits
//! would pay per request.

use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Instant;

/// Times of `count` forced writes of a page in this folder, in milliseconds, sorted.
///
/// # Panics
/// When the folder is not writable.
pub fn forced_writes(folder: &Path, count: usize) -> Vec<f64> {
    let path = folder.join("forced-writes");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&path);
    let file = file.as_mut().expect("the folder is writable");
    let page = [7_u8; 4096];
    for _ in 0..64 {
        file.write_all(&page).expect("the disk has room");
    }
    let mut times: Vec<f64> = (0..count)
        .map(|number| {
            let start = Instant::now();
            file.seek(SeekFrom::Start((number as u64 % 64) * 4096)).expect("a file can be sought");
            file.write_all(&page).expect("the disk has room");
            file.sync_data().expect("the disk works");
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let _ = std::fs::remove_file(path);
    times.sort_by(f64::total_cmp);
    times
}
