// A program of a test's own, beside the one that all tests share.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const PROGRAM = process.env.SPORTELLO_PROGRAM;
/** The root of the clone. */
export const ROOT = new URL("../../../", import.meta.url).pathname;

export const dataFolder = () => mkdtemp(join(tmpdir(), "sportello-"));

export const start = (words) => spawn(PROGRAM, words, { cwd: ROOT });

/** Ends it, if it was started, and forgets its data. */
export async function end(program, data) {
  if (program) await new Promise((done) => program.once("exit", done) && program.kill());
  await rm(data, { recursive: true, force: true });
}
