/*
 * Response streaming in Node.js: what the handlers of `awslambda.streamifyResponse` write to.
 *
 * As AWS documents it ("Writing response streaming-enabled Lambda functions") and as its runtime
 * interface client does it, also where that surprises: `end(data)` alone sends no head of
 * `HttpResponseStream.from` (aws-lambda-nodejs-runtime-interface-client, issue 97), and a handler
 * that returns without ending its stream runs into the function's timeout.
 */
'use strict';

const { Writable } = require('stream');

const LONG = 2 ** 30; // milliseconds
const ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type';
const ERROR_BODY = 'Lambda-Runtime-Function-Error-Body';

/* The response to one invocation. send: writes to the Runtime API. target: the response's path. */
class ResponseStream extends Writable {
  #send;
  #target;
  #contentType = 'application/octet-stream';
  #isWritten = false;
  #isBegun = false;
  #isEnded = false;

  constructor(send, target, highWaterMark) {
    super({ highWaterMark });
    this.#send = send;
    this.#target = target;
  }

  setContentType(contentType) {
    if (this.#isWritten) {
      const error = new Error('Cannot set content-type, too late.');
      error.name = 'Runtime.InvalidStreamingOperation';
      throw error;
    }
    if (/[^\t\x20-\x7e\x80-\xff]/.test(contentType)) {
      throw new TypeError('Invalid character in header content ["Content-Type"]');
    }
    this.#contentType = contentType;
  }

  write(chunk, encoding, callback) {
    const isData = typeof chunk === 'string' || chunk instanceof Uint8Array;
    if (!this.#isWritten) this._onBeforeFirstWrite?.((part) => super.write(part));
    this.#isWritten = true;
    return super.write(isData ? chunk : JSON.stringify(chunk), encoding, callback);
  }

  _write(chunk, encoding, done) {
    this.#begin();
    if (chunk.length > 0) {
      const size = Buffer.from(`${chunk.length.toString(16)}\r\n`);
      this.#send(Buffer.concat([size, chunk, Buffer.from('\r\n')]));
    }
    done();
  }

  _final(done) {
    this.#begin();
    this.#end('');
    done();
  }

  #begin() {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#send(
      `POST ${this.#target} HTTP/1.1\r\nContent-Type: ${this.#contentType}\r\n` +
        `Lambda-Runtime-Function-Response-Mode: streaming\r\n` +
        `Transfer-Encoding: chunked\r\nTrailer: ${ERROR_TYPE}, ${ERROR_BODY}\r\n\r\n`,
    );
  }

  #end(trailers) {
    this.#isEnded = true;
    this.#send(`0\r\n${trailers}\r\n`);
  }

  /* The invocation failed: said by trailers, or by `post` while nothing has been sent. A response that
   * has ended stays as it is. */
  fail(kind, body, post) {
    if (!this.#isBegun) this.#send(post);
    else if (!this.#isEnded) {
      const coded = Buffer.from(body).toString('base64');
      this.#end(`${ERROR_TYPE}: ${kind}\r\n${ERROR_BODY}: ${coded}\r\n`);
    }
    this.destroy();
  }
}

/* Calls a handler; resolves once it has returned and its response has ended. Until then something is
 * left to do for the event loop, as it is for AWS's runtime, whose connection is open. fault: makes what
 * is thrown from a message. */
async function respond(handler, event, response, context, fault) {
  const open = setInterval(() => {}, LONG);
  const closed = new Promise((resolve, reject) => {
    response.on('error', reject).on('close', resolve);
  });
  closed.catch(() => {}).then(() => clearInterval(open));
  const returned = handler(event, response, context);
  if (typeof returned?.then !== 'function') {
    throw fault('Streaming does not support non-async handlers.');
  }
  if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
  await closed;
  if (!response.writableFinished) throw fault('Response stream is not finished.');
}

module.exports = { ResponseStream, respond };
