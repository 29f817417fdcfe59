//! How each fault comes about, while people apply.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};

use super::{
    campaign::{Field, HANDS},
    faults::Fault,
    load::{Crowd, lock},
    proxy::{Proxy, Target},
};

/// In this time somebody is told something, or the house does not work.
const PATIENCE: Duration = Duration::from_secs(120);
/// In this time the house works again after what hindered it is over.
const RECOVERY: Duration = Duration::from_secs(60);
/// Longer than PostgreSQL lets a process hold the turn to write without doing anything (`idle_in_transaction_session_timeout`).
const LONGER_THAN_THE_LEASE: Duration = Duration::from_secs(12);
/// By how many seconds clocks jump: two hours, a day back, a day and a bit.
const JUMPS: [i64; 4] = [7200, -86_400, 90_000, -3_600];
/// Once in so many replies of PostgreSQL: an application is about as many statements, so a good part of them is hit.
const LINES_CUT: u64 = 40;
/// Once in so many replies to a browser.
const REPLIES_CUT: u64 = 5;

impl Fault {
    /// Whether the power goes at its end, and with it what was not durable.
    pub(super) const fn ends_with_the_power(self) -> bool {
        matches!(self, Self::Power | Self::Sync | Self::Write | Self::Full)
    }

    /// Whether many people apply meanwhile.
    pub(super) const fn takes_its_time(self) -> bool {
        matches!(self, Self::Frozen | Self::Server | Self::Lines)
    }
}

impl Field {
    /// The program runs, people apply, the fault happens, the program is gone. Tells how.
    pub(super) fn happen(&mut self, fault: Fault) -> anyhow::Result<String> {
        match fault {
            Fault::Replies => self.cut_replies(),
            Fault::Lines => self.cut_lines(),
            Fault::Frozen => self.freeze(),
            Fault::Server | Fault::Both => self.kill_server(fault == Fault::Both),
            _ => {
                let mut running = self.open()?;
                let host = running.host.clone();
                let (mut dice, first) = (self.dice.another(), 1 + self.dice.place(10));
                let crowd = self.crowd(&[&host])?;
                crowd.apply_while(HANDS, || {
                    self.await_told(&crowd, first)?;
                    thread::sleep(Duration::from_millis(dice.below(60)));
                    let how = match fault {
                        Fault::Sync => self.fail(&crowd, |c| c.fail_sync(1 + dice.below(6), dice.once_in(3))),
                        Fault::Write => self.fail(&crowd, |c| c.fail_write(1 + dice.below(80), dice.once_in(3))),
                        Fault::Full => self.fill(&crowd, dice.below(300_000)),
                        Fault::Clock => self.jump(&crowd, JUMPS[dice.place(JUMPS.len())], dice.once_in(2)),
                        _ => Ok("killed".to_owned()),
                    };
                    running.kill();
                    how
                })
            }
        }
    }

    /// Until so many more were given a receipt.
    fn await_told(&self, crowd: &Crowd<'_>, many: usize) -> anyhow::Result<()> {
        self.told_within(crowd, many, PATIENCE)
    }

    fn told_within(&self, crowd: &Crowd<'_>, many: usize, time: Duration) -> anyhow::Result<()> {
        let (began, wanted) = (Instant::now(), lock(&self.ledger).since_start() + many);
        while lock(&self.ledger).since_start() < wanted {
            let told = lock(&self.ledger).since_start();
            let refused = || format!("{told} of {wanted} receipts in {time:?}; last: {}", lock(&crowd.refused));
            ensure!(began.elapsed() < time, "the house does not work: {}", refused());
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// A call of the disk fails; people go on for a moment.
    fn fail(
        &self,
        crowd: &Crowd<'_>,
        ask: impl FnOnce(&super::control::Control) -> anyhow::Result<()>,
    ) -> anyhow::Result<String> {
        let before = lock(&self.ledger).since_start();
        ask(&self.machine.control)?;
        self.await_failure()?;
        thread::sleep(Duration::from_millis(200));
        let after = lock(&self.ledger).since_start() - before;
        Ok(format!(
            "a call failed ({after} more receipts, then: {})",
            lock(&crowd.refused).chars().take(60).collect::<String>()
        ))
    }

    fn await_failure(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.machine.control.failed()? == 0 {
            if PATIENCE < began.elapsed() {
                bail!("the fault that was asked for did not come: nobody writes");
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// The disk fills up, stays full for a moment, and has room again: the house goes on by itself.
    fn fill(&self, crowd: &Crowd<'_>, room: u64) -> anyhow::Result<String> {
        self.machine.control.leave_room(room)?;
        self.await_failure()?;
        thread::sleep(Duration::from_millis(300));
        let failed = self.machine.control.failed()?;
        self.machine.control.make_room()?;
        let began = Instant::now();
        self.told_within(crowd, 3, RECOVERY).context("after the disk had room again")?;
        Ok(format!(
            "full after {room} bytes ({failed} calls failed), at work {:.1} s later",
            began.elapsed().as_secs_f32()
        ))
    }

    /// The clock jumps while people apply, and half of the times back again.
    fn jump(&self, crowd: &Crowd<'_>, seconds: i64, back: bool) -> anyhow::Result<String> {
        self.machine.control.clock_is_wrong_by(seconds)?;
        self.await_told(crowd, 5).context("after the clock jumped")?;
        if back {
            self.machine.control.clock_is_wrong_by(0)?;
            self.await_told(crowd, 5).context("after the clock jumped back")?;
        }
        Ok(format!("the clock jumped by {seconds} s{}", if back { " and back" } else { "" }))
    }

    fn cut_replies(&mut self) -> anyhow::Result<String> {
        let mut running = self.open()?;
        let proxy = Proxy::to(Target::Tcp(running.host.clone()), REPLIES_CUT, self.dice.another())?;
        let host = format!("localhost:{}", proxy.port);
        let crowd = self.crowd(&[&host])?;
        crowd.apply_while(HANDS, || {
            proxy.cut(true);
            self.await_told(&crowd, 12)?;
            running.kill();
            Ok(format!("{} replies cut off", proxy.cuts()))
        })
    }

    fn cut_lines(&mut self) -> anyhow::Result<String> {
        let socket = self.machine.server.as_ref().context("no server")?.folder().join(".s.PGSQL.5432");
        let proxy = Proxy::to(Target::Unix(socket), LINES_CUT, self.dice.another())?;
        let url = format!("postgres://postgres@127.0.0.1:{}/sportello?sslmode=disable", proxy.port);
        let mut running = self.open_by(Some(&url))?;
        let host = running.host.clone();
        let crowd = self.crowd(&[&host])?;
        crowd.apply_while(HANDS, || {
            proxy.cut(true);
            self.await_told(&crowd, 8)?;
            proxy.cut(false);
            self.told_within(&crowd, 3, RECOVERY).context("after the line was mended")?;
            running.kill();
            Ok(format!("{} of PostgreSQL's replies cut off", proxy.cuts()))
        })
    }

    fn kill_server(&mut self, both: bool) -> anyhow::Result<String> {
        let mut running = self.open()?;
        let mut server = self.machine.server.take().context("no server")?;
        let host = running.host.clone();
        let (mut dice, first) = (self.dice.another(), 1 + self.dice.place(10));
        let crowd = self.crowd(&[&host])?;
        let how = crowd.apply_while(HANDS, || {
            self.await_told(&crowd, first)?;
            thread::sleep(Duration::from_millis(dice.below(60)));
            if both && dice.once_in(2) {
                running.kill();
            }
            server.kill();
            if both {
                running.kill();
            }
            server.start_again()?;
            if both {
                return Ok("killed both".to_owned());
            }
            let began = Instant::now();
            self.told_within(&crowd, 3, RECOVERY).context("after PostgreSQL was back")?;
            running.kill();
            Ok(format!("killed PostgreSQL, at work {:.1} s after it was back", began.elapsed().as_secs_f32()))
        });
        drop(crowd);
        self.machine.server = Some(server);
        how
    }

    /// Of two programs one falls asleep, often while it holds the turn to write; the other goes on, and it wakes up.
    fn freeze(&mut self) -> anyhow::Result<String> {
        let mut first = self.open()?;
        let mut second = self.machine.start_beside(None)?;
        second.wait()?;
        let hosts = [first.host.clone(), second.host.clone()];
        let crowd = Crowd { rest: Duration::from_millis(400), ..self.crowd(&[&hosts[0], &hosts[1]])? };
        crowd.apply_while(HANDS, || {
            self.await_told(&crowd, 6)?;
            first.freeze()?;
            let asleep = Instant::now();
            self.told_within(&crowd, 1, LONGER_THAN_THE_LEASE + Duration::from_secs(3))
                .context("while the other sleeps")?;
            let idle = asleep.elapsed();
            thread::sleep(LONGER_THAN_THE_LEASE.saturating_sub(idle));
            first.wake()?;
            self.told_within(&crowd, 8, RECOVERY).context("after it woke up")?;
            ensure!(first.lives() && second.lives(), "a program ended by itself");
            first.kill();
            second.kill();
            Ok(format!(
                "slept for {:.0} s, the other was at work after {:.1} s",
                asleep.elapsed().as_secs_f32(),
                idle.as_secs_f32()
            ))
        })
    }
}
