//! F07: a full disk under SQLite. Writes answer 503, reads and stateless tokens go on, and when
//! there is room again nothing needs a restart.

use harness::{Database, Options, RelyingParty, Server};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A file system of a few megabytes, unmounted at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount() -> Option<SmallDisk> {
        let folder = harness::process::fresh_folder();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m,mode=0777", "tmpfs"])
            .arg(&folder)
            .status();
        status.is_ok_and(|status| status.success()).then_some(SmallDisk(folder))
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    fn fill(&self) {
        let chunk = vec![0_u8; 4096];
        let mut file = std::fs::File::create(self.filler()).expect("the small disk is writable");
        use std::io::Write as _;
        while file.write_all(&chunk).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.filler()).expect("the filler can be removed");
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[test]
fn sqlite_on_a_full_disk() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: mounting a small file system needs root");
        return;
    };
    let file = disk.path().join("tessera.sqlite");
    let options = Options::new(Database::sqlite())
        .argument("--database")
        .argument(&format!("sqlite:{}", file.display()));
    let server = Server::with(options);
    let party = RelyingParty::new(&server, &server.application("web"));
    let machine = RelyingParty::new(&server, &server.application("machine"));
    let grant = [("grant_type", "client_credentials")];
    machine.token(&grant).expect(200);
    let mut tokens = party.sign_in_fresh(&server, &server.user(0));
    disk.fill();
    let refused = harness::until("a write that finds no room", Duration::from_secs(20), || {
        let answer = party.refresh(&tokens.refresh);
        if answer.status == 200 {
            tokens = harness::Tokens::from(answer);
            return None;
        }
        Some(answer)
    });
    assert_eq!(refused.status, 503, "{}", refused.summary());
    machine.token(&grant).expect(200);
    party.userinfo(&tokens.access).expect(200);
    disk.free();
    harness::until("recovery without help", Duration::from_secs(10), || {
        let answer = party.refresh(&tokens.refresh);
        assert_ne!(answer.error(), "invalid_grant", "nothing acknowledged was lost");
        (answer.status == 200).then_some(())
    });
}
