// Let both npm clients, unchanged, speak to the service on loopback: node speak.js PORT KEY.
// Prints what each call came to as one line of JSON.
"use strict";

const dns = require("node:dns");

// The key travels as the first label of the host, so every label must lead to loopback.
dns.lookup = (_name, options, callback) => {
  const done = callback || options;
  if (options.all) {
    done(null, [{ address: "127.0.0.1", family: 4 }]);
  } else {
    done(null, "127.0.0.1", 4);
  }
};

const { client } = require("akismet");
const { AkismetClient } = require("akismet-api");

const [port, key] = process.argv.slice(2);
const blog = "https://kabar.example";

async function speakApi() {
  const api = new AkismetClient({ key, blog, protocol: "http", host: `localhost:${port}` });
  const unknown = new AkismetClient({ key: "0123456789ab", blog, protocol: "http", host: `localhost:${port}` });
  const comment = (content) => ({ ip: "192.0.2.7", useragent: "Mozilla/5.0", name: "Budi", content });
  return {
    valid: await api.verifyKey(),
    unknown: await unknown.verifyKey(),
    spam: await api.checkSpam(comment("slot gacor")),
    ham: await api.checkSpam(comment("Terima kasih, lengkap.")),
    told: [
      (await api.submitHam(comment("slot gacor"))).text,
      (await api.submitSpam(comment("Terima kasih, lengkap."))).text,
    ],
    refused: await unknown.checkSpam(comment("halo")).catch((error) => error.message),
  };
}

async function speakOld() {
  const old = client({ apiKey: key, blog, host: "localhost", endPoint: `${key}.localhost`, port: Number(port) });
  const call = (name, ...given) =>
    new Promise((resolve, reject) => {
      old[name](...given, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  const comment = (content) => ({ user_ip: "192.0.2.8", comment_author: "Ani", comment_content: content });
  return {
    valid: await call("verifyKey"),
    spam: await call("checkComment", comment("slot gacor")),
    ham: await call("checkComment", comment("Terima kasih, lengkap.")),
    told: (await call("submitSpam", comment("Terima kasih, lengkap."))) === undefined,
  };
}

(async () => {
  console.log(JSON.stringify({ "akismet-api": await speakApi(), akismet: await speakOld() }));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
