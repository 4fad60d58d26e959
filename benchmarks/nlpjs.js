// nlp.js as a child process: reads JSON lines, {"learn": [[text, topic], ...]} once, then {"ask": text} each answered
// by one line {"topics": [...], "ms": n}.
'use strict';
const readline = require('readline');

console.log = console.error; // the library reports on the standard output, where only answers belong
const { NlpManager } = require('node-nlp');

const manager = new NlpManager({ languages: ['id'], nlu: { log: false }, forceNER: false, autoSave: false });
const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\n');

async function answer(line) {
  const asked = JSON.parse(line);
  const started = process.hrtime.bigint();
  const ms = () => Number(process.hrtime.bigint() - started) / 1e6;
  if (asked.learn) {
    for (const [text, topic] of asked.learn) manager.addDocument('id', text, topic);
    await manager.train();
    return say({ topics: [], ms: ms() });
  }
  const found = await manager.process('id', asked.ask);
  const spent = ms();
  say({ topics: found.classifications.map((one) => one.intent), ms: spent });
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) await answer(line);
})();
