// A running lab, from the side of a test: `nspsim lab up`, its other commands, and programs at its seats.
'use strict';

const { spawn } = require('node:child_process');

// Runs a program to its end.
function run(program, words, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    let out = '';
    let err = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (err += bytes));
    child.on('error', (error) => resolve({ status: -1, out, err: `${error}` }));
    child.on('close', (status, signal) => resolve({ status: signal ?? status, out, err }));
    child.stdin.on('error', () => {}); // it did not want to read all
    child.stdin.end(options.input);
  });
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Lab {
  constructor(nspsim, home) {
    this.nspsim = nspsim;
    this.home = home;
  }

  // Listens at ports that nobody uses now; a port taken in between makes it try others.
  async start(words) {
    for (let tries = 0; tries < 5; ++tries) {
      const base = 20000 + Math.floor(Math.random() * 8000) * 5;
      const ports = ['--port', '--dns-port', '--identity-port', '--proxy-port'].flatMap((name, i) => [name, `${base + i}`]);
      const all = ['lab', 'up', '--home', this.home, ...words, ...ports];
      this.said = '';
      // Whatever becomes of us, the lab ends.
      process.once('exit', () => this.process.kill());
      this.process = spawn(this.nspsim, all, { stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (bytes) => (this.said += bytes));
      this.ended = new Promise((resolve) => this.process.on('close', (status, signal) => resolve(signal ?? status)));
      if (await this.isUp()) return;
    }
    throw new Error(`the lab does not start: ${this.said}`);
  }

  async isUp() {
    let over = false;
    this.ended.then(() => (over = true));
    for (let tries = 0; tries < 2400 && !over; ++tries) {
      if (this.said.includes('is up; stop it with')) return true;
      await sleep(25);
    }
    this.process.kill();
    await this.ended;
    return false;
  }

  // A command of the lab, which must work.
  async tell(...words) {
    const { status, out, err } = await run(this.nspsim, ['lab', ...words, '--home', this.home]);
    if (status !== 0) throw new Error(`nspsim lab ${words.join(' ')}: ${status}: ${err}`);
    return out;
  }

  // A program at a seat: in a network namespace (`yes`), or through the lab's proxy (`no`).
  as(seat, namespace, command) {
    return run(this.nspsim, ['lab', 'exec', '--home', this.home, '--namespace', namespace, '--as', seat, '--', ...command]);
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return this.ended;
    this.process.kill('SIGTERM');
    const slow = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
    const status = await this.ended;
    clearTimeout(slow);
    return status;
  }
}

module.exports = { Lab, run, source: __dirname };
