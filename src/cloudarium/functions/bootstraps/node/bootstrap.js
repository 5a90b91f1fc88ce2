/*
 * The Node.js runtime: loads the handler, then serves invocations from the Runtime API.
 *
 * Runs inside a function's environment. Handlers may be async, return a promise or use a callback
 * (up to nodejs22.x, as on AWS); files may be CommonJS or ES modules. Errors, log lines and the
 * context object are those of AWS's managed runtime. A newline inside one log event is written as
 * the record separator (0x1e): the server turns it back, so that an event stays one event.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const util = require('util');
const { pathToFileURL } = require('url');

const BASE = '/2018-06-01/runtime/';
const RESPONSES = '/_aws/cloudformation/responses/';
const SHORT = 1 << 20; // letters of an answer that is surely not refused
const CHANNEL = 3; // the descriptor of a connection to the Runtime API
const VERSION = Number((process.env.AWS_EXECUTION_ENV || '').match(/nodejs(\d+)/)?.[1] ?? 0);
const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

const NO_SDK =
  'Cloudarium: the AWS SDK comes from the global modules of this machine: npm install --global @aws-sdk/client-...\n';

let requestId;
let isInvoked = false;
let unsent = '';
let response; // of a streaming handler: what it writes to

/* The connection to the Runtime API. Reading blocks: between two invocations nothing of the function
 * runs, as on AWS, where its environment is frozen then; and while a handler has something left to
 * do, the event loop knows of nothing of ours. */
class Channel {
  constructor() {
    this.part = Buffer.allocUnsafe(1 << 18);
    this.received = Buffer.alloc(0);
  }

  send(text) {
    const data = Buffer.from(text);
    try {
      for (let sent = 0; sent < data.length; ) sent += fs.writeSync(CHANNEL, data, sent);
    } catch {
      process.exit(0); // the server is gone
    }
  }

  /* The next answer's head and body. */
  receive() {
    for (;;) {
      const end = this.received.indexOf('\r\n\r\n');
      if (end >= 0) {
        const head = this.received.latin1Slice(0, end);
        const after = end + 4 + Number(head.slice(head.lastIndexOf(' '))); // Content-Length comes last
        if (this.received.length >= after) {
          const body = this.received.subarray(end + 4, after);
          this.received = this.received.subarray(after);
          return { head, body };
        }
      }
      const size = fs.readSync(CHANNEL, this.part);
      if (size === 0) process.exit(0);
      this.received = Buffer.concat([this.received, this.part.subarray(0, size)]);
    }
  }
}

const channel = new Channel();
const NEXT = `GET ${BASE}invocation/next HTTP/1.1\r\n\r\n`;

function post(target, body, errorType = '') {
  const kind = errorType && `Lambda-Runtime-Function-Error-Type: ${errorType}\r\n`;
  const length = Buffer.byteLength(body);
  return `POST ${BASE}${target} HTTP/1.1\r\n${kind}Content-Length: ${length}\r\n\r\n${body}`;
}

/* The headers and the event of the invocation that was asked for. */
function receiveInvocation() {
  const { head, body } = channel.receive();
  const headers = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(': ');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 2);
  }
  return { headers, body };
}

class Fault extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function report(error) {
  if (error instanceof Error) {
    const trace = (error.stack || '').split('\n');
    return { errorType: error.name, errorMessage: error.message, trace };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function logged(error) {
  const { trace, ...fields } = report(error);
  const own = error instanceof Error ? { ...error } : {};
  delete own.name;
  return JSON.stringify({ ...fields, ...own, stack: trace });
}

function failure(error) {
  const body = report(error);
  return { kind: body.errorType.replace(/[^\x20-\x7e]/g, '?'), body: JSON.stringify(body) };
}

function errorPost(target, error) {
  const { kind, body } = failure(error);
  return post(target, body, kind);
}

/* ---- console ---- */

const IS_JSON = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

function asObject(error) {
  return {
    errorType: error?.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: (error.stack || '').split('\n'),
  };
}

/* A line in JSON: one value as it is, several as text with what the first error among them says. */
function jsonLine(level, values) {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  if (values.length !== 1) {
    const error = values.find((value) => value instanceof Error);
    const fields = error ? asObject(error) : {};
    return JSON.stringify({ ...line, message: util.format(...values), ...fields });
  }
  const replacer = (_, value) => (value instanceof Error ? { ...asObject(value), ...value } : value);
  try {
    return JSON.stringify({ ...line, message: values[0] }, replacer);
  } catch {
    return JSON.stringify({ ...line, message: util.format(values[0]) });
  }
}

function textLine(level, values) {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(...values)}`;
}

function writeEvent(level, ...values) {
  const line = IS_JSON ? jsonLine(level, values) : textLine(level, values);
  fs.writeSync(1, line.replace(/\n/g, '\x1e') + '\n');
}

function writeError(title, error) {
  if (IS_JSON) writeEvent('ERROR', error instanceof Error ? error : new Error(error));
  else writeEvent('ERROR', `${title} \t${logged(error)}`);
}

const least = LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL);
for (const [method, level] of Object.entries({
  log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE', fatal: 'FATAL',
})) {
  const isWanted = LEVELS.indexOf(level) >= least;
  console[method] = isWanted ? (...values) => writeEvent(level, ...values) : () => {};
}

/* ---- the handler ---- */

class HttpResponseStream {
  /* `prelude` (status, headers, cookies) goes before the first thing that is written. */
  static from(stream, prelude) {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    const head = JSON.stringify(prelude);
    stream._onBeforeFirstWrite = (write) => {
      write(head);
      write(Buffer.alloc(8));
    };
    return stream;
  }
}

function streamifyResponse(handler, options) {
  handler[STREAMING] = 'response';
  if (typeof options?.highWaterMark === 'number') {
    handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
  }
  return handler;
}

if (!['1', 'true'].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA)) {
  globalThis.awslambda = { streamifyResponse, HttpResponseStream };
}

function isStreaming(handler) {
  if (handler[STREAMING] && handler[STREAMING] !== 'response') {
    throw new Fault('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.');
  }
  return Boolean(handler[STREAMING]);
}

function moduleFile(root, name) {
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    const file = path.resolve(root, name + extension);
    if (fs.existsSync(file) && fs.statSync(file).isFile()) return file;
  }
  const message = `Error: Cannot find module '${name}'\nRequire stack:\n- ${__filename}`;
  throw new Fault('Runtime.ImportModuleError', message);
}

function isEsModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js')) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const description = path.join(folder, 'package.json');
    if (fs.existsSync(description)) return JSON.parse(fs.readFileSync(description)).type === 'module';
    if (folder === path.dirname(folder)) return false;
  }
}

async function loadModule(file) {
  try {
    return isEsModule(file) ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault('Runtime.UserCodeSyntaxError', String(error));
    if (['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error?.code)) {
      if (String(error).includes("'@aws-sdk/")) fs.writeSync(1, NO_SDK);
      throw new Fault('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
}

async function loadHandler() {
  const name = process.env._HANDLER;
  const match = path.basename(name).match(/^([^.]*)\.(.*)$/);
  if (!match || name.includes('..')) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  const file = moduleFile(process.env.LAMBDA_TASK_ROOT, path.join(path.dirname(name), match[1]));
  const module = await loadModule(file);
  const found = (from) => match[2].split('.').reduce((object, key) => object?.[key], from);
  const handler = found(module) ?? found(module.default);
  if (handler === undefined) {
    throw new Fault('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new Fault('Runtime.HandlerNotFound', `${name} is not a function`);
  }
  if (!isStreaming(handler) && VERSION >= 24 && handler.length > 2) {
    const message =
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
      'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';
    throw new Fault('Runtime.CallbackHandlerDeprecated', message);
  }
  return handler;
}

/* ---- one invocation ---- */

/* Asked for once: each look at process.env goes to the operating system. */
const ABOUT = {
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
};

/* Takes the W3C trace context from the client context. */
function takeW3c(clientContext) {
  const fields = Object(clientContext?.w3c);
  if (typeof clientContext === 'object') delete clientContext?.w3c;
  const names = ['traceparent', 'tracestate', 'baggage'].filter((name) => typeof fields[name] === 'string');
  return Object.freeze(Object.fromEntries(names.map((name) => [name, fields[name]])));
}

function makeContext(headers, done) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parsed = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
  const clientContext = parsed('lambda-runtime-client-context');
  const w3c = takeW3c(clientContext);
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    ...ABOUT,
    clientContext,
    identity: parsed('lambda-runtime-cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: undefined, // nothing is isolated by tenants here
    getRemainingTimeInMillis: () => deadline - Date.now(),
    w3c: () => w3c,
  };
  if (VERSION >= 24) context.xRayTraceId = headers['lambda-runtime-trace-id'];
  if (VERSION < 24 && done) {
    context.done = (error, value) => done(error, value, true);
    context.succeed = (value) => done(null, value, true);
    context.fail = (error) => done(error ?? 'handled', undefined, true);
  }
  return context;
}

/* Calls the handler; resolves once its answer counts: at once for a promise, for a callback when
 * nothing is left to do (`beforeExit`) unless callbackWaitsForEmptyEventLoop is false. */
function call(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const settle = (error, value) => {
      process.removeListener('beforeExit', onEmpty);
      if (error !== null && error !== undefined) reject(error);
      else resolve(value);
    };
    let answer = [null, null];
    const onEmpty = () => settle(...answer);
    process.once('beforeExit', onEmpty);
    const done = (error, value, atOnce) => {
      answer = [error, value];
      if (atOnce || !context.callbackWaitsForEmptyEventLoop) settle(error, value);
    };
    const context = makeContext(headers, done);
    const callback = VERSION < 24 ? (error, value) => done(error, value, false) : undefined;
    const returned = handler(event, context, callback);
    if (typeof returned?.then === 'function') {
      returned.then((value) => settle(null, value), (error) => settle(error ?? new Error(), null));
    }
  });
}

async function invoke(handler, headers, body) {
  const value = await call(handler, JSON.parse(body.toString()), headers);
  try {
    return JSON.stringify(value === undefined ? null : value);
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

async function answerAtOnce(handler, headers, body) {
  const target = `invocation/${requestId}/`;
  try {
    return post(target + 'response', (await invoke(handler, headers, body)) ?? '');
  } catch (error) {
    writeError('Invoke Error', error);
    return errorPost(target + 'error', error);
  }
}

function failStream(error) {
  const { kind, body } = failure(error);
  response.fail(kind, body, post(`invocation/${requestId}/error`, body, kind));
}

/* Before nodejs24.x the next invocation waits until nothing is left to do, unless
 * callbackWaitsForEmptyEventLoop is false. */
async function answerByStream(handler, headers, body) {
  const { ResponseStream, respond } = require('./streaming.js');
  const target = `${BASE}invocation/${requestId}/response`;
  response = new ResponseStream((data) => channel.send(data), target, handler[HIGH_WATER_MARK]);
  const context = makeContext(headers);
  const fault = (message) => (VERSION < 24 ? message : new Error(message)); // as AWS's runtimes do
  let onEmpty;
  const emptied = new Promise((resolve) => process.once('beforeExit', (onEmpty = resolve)));
  try {
    const event = JSON.parse(body.toString());
    await Promise.race([respond(handler, event, response, context, fault), emptied]);
  } catch (error) {
    writeError('Invoke Error', error);
    failStream(error);
  }
  if (VERSION < 24 && context.callbackWaitsForEmptyEventLoop) await emptied;
  process.removeListener('beforeExit', onEmpty);
  return ''; // all is sent
}

/* As AWS's runtime does, which then goes on. */
function noteRefusal({ head, body }) {
  const status = head.slice(9, 12);
  if (status === '202') return;
  const text = `Failed to post handler success response. Http response code: ${status}. ${body}`;
  fs.writeSync(1, `[ERROR] [${Date.now()}] LAMBDA_RUNTIME ${text}\n`);
}

async function serve(handler) {
  const answer = isStreaming(handler) ? answerByStream : answerAtOnce;
  channel.send(NEXT);
  for (;;) {
    const { headers, body } = receiveInvocation();
    isInvoked = true;
    requestId = headers['lambda-runtime-aws-request-id'];
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] || '';
    if (body.includes(RESPONSES)) require('./responses.js').redirect(JSON.parse(body).ResponseURL);
    unsent = await answer(handler, headers, body);
    isInvoked = false;
    await new Promise(setImmediate); // what the handler left unhandled ends the process here
    if (unsent.length > SHORT) {
      channel.send(unsent);
      noteRefusal(channel.receive());
      channel.send(NEXT);
    } else {
      channel.send(unsent + NEXT); // in one go
      channel.receive();
    }
    unsent = '';
  }
}

function crash(error, title, status) {
  writeError(title, error);
  if (requestId && !isInvoked) {
    channel.send(unsent); // the invocation has gone well
    process.exit(status);
  }
  if (response) failStream(error);
  else channel.send(errorPost(requestId ? `invocation/${requestId}/error` : 'init/error', error));
  channel.receive();
  process.exit(status);
}

process.on('uncaughtException', (error) => crash(error, 'Uncaught Exception', EXIT_UNCAUGHT_EXCEPTION));
process.on('unhandledRejection', (reason) => {
  const error = new Fault('Runtime.UnhandledPromiseRejection', String(reason));
  crash(error, 'Unhandled Promise Rejection', EXIT_UNHANDLED_REJECTION);
});

loadHandler().then(serve, (error) => crash(error, 'Uncaught Exception', EXIT_UNCAUGHT_EXCEPTION));
