/*
 * Answers of custom resources: on AWS they go to an HTTPS address, and providers such as the CDK's
 * take only its host and path. This cloud takes them by HTTP, at a port of its own.
 */
'use strict';

const http = require('http');
const https = require('https');
const { syncBuiltinESMExports } = require('module');

const secure = https.request;
let address; // the ResponseURL of the last event

/* Let what goes by HTTPS to the host and path of `url` go where that says. */
function redirect(url) {
  address = URL.canParse(url) ? new URL(url) : undefined;
  https.request = request;
  syncBuiltinESMExports();
}

function request(options, ...rest) {
  if (!isAnswer(options)) return secure.call(https, options, ...rest);
  return http.request({ ...options, port: address.port, agent: undefined }, ...rest);
}

function isAnswer(options) {
  const host = options?.hostname ?? options?.host;
  return host === address?.hostname && options.path?.split('?')[0] === address.pathname;
}

module.exports = { redirect };
