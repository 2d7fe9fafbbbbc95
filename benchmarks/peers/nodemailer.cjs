// nodemailer's pool with letters that are finished but for the reader: PORT LETTERS CONNECTIONS FILE
"use strict";
const fs = require("node:fs");
const nodemailer = require("nodemailer");

const [port, letters, connections] = process.argv.slice(2, 5).map(Number);
const raw = fs.readFileSync(process.argv[5]);
const pool = nodemailer.createTransport({
  host: "127.0.0.1",
  port,
  pool: true,
  maxConnections: connections,
  maxMessages: Infinity,
  ignoreTLS: true,
});

async function send(number) {
  const to = `reader${number}@readers${number % 97}.example`;
  const own = Buffer.from(`X-Reader: ${to}\r\n`);
  await pool.sendMail({ envelope: { from: `b+${number}@letter.example`, to }, raw: Buffer.concat([own, raw]) });
}

async function lane(first) {
  for (let number = first; number <= letters; number += connections) await send(number);
}

Promise.all(Array.from({ length: connections }, (_, lanes) => lane(lanes + 1))).then(() => pool.close());
