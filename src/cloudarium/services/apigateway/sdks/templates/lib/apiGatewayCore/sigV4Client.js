/* Signs requests with Signature Version 4, with the Web Cryptography API of browsers and Node.js. */
'use strict';

globalThis.apiGateway = globalThis.apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.sigV4ClientFactory = {
  newClient(config) {
    const { utils } = apiGateway.core;
    const ALGORITHM = 'AWS4-HMAC-SHA256';
    const bytes = (data) => (typeof data === 'string' ? new TextEncoder().encode(data) : data);

    function hex(buffer) {
      return [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, '0')).join('');
    }

    async function digest(data) {
      return hex(await crypto.subtle.digest('SHA-256', bytes(data)));
    }

    async function hmac(secret, text) {
      const kind = { name: 'HMAC', hash: 'SHA-256' };
      const key = await crypto.subtle.importKey('raw', bytes(secret), kind, false, ['sign']);
      return crypto.subtle.sign('HMAC', key, bytes(text));
    }

    /* Return the request of `method`, `url`, `headers` and `data` with the headers that sign it. */
    async function sign(request) {
      const url = new URL(request.url);
      const time = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
      const headers = { ...request.headers, 'x-amz-date': time };
      if (config.sessionToken) headers['x-amz-security-token'] = config.sessionToken;
      const signed = Object.entries({ ...headers, host: url.host })
        .map(([name, value]) => [name.toLowerCase(), String(value).trim().replace(/ +/g, ' ')])
        .sort(([one], [other]) => (one < other ? -1 : 1));
      const names = signed.map(([name]) => name).join(';');
      const canonical = [
        request.method,
        url.pathname.split('/').map(utils.encode).join('/'),
        url.search.slice(1),
        ...signed.map(([name, value]) => name + ':' + value),
        '',
        names,
        await digest(request.data ?? ''),
      ].join('\n');
      const scope = [time.slice(0, 8), config.region, config.serviceName, 'aws4_request'];
      const text = [ALGORITHM, time, scope.join('/'), await digest(canonical)].join('\n');
      let key = 'AWS4' + config.secretKey;
      for (const part of [...scope, text]) key = await hmac(key, part);
      const credential = config.accessKey + '/' + scope.join('/');
      headers.Authorization =
        `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${hex(key)}`;
      return { ...request, headers };
    }

    return { sign };
  },
};
