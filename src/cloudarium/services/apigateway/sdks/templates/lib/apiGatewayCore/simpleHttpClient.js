/* Sends requests with fetch. */
'use strict';

globalThis.apiGateway = globalThis.apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.simpleHttpClientFactory = {
  newClient() {
    function parsed(text) {
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
    }

    /* Resolve with `{data, status, statusText, headers, config}`; reject with it unless 2xx. */
    async function send(request) {
      const { method, url, headers, data } = request;
      const answer = await fetch(url, { method, headers, body: data });
      const result = {
        data: parsed(await answer.text()),
        status: answer.status,
        statusText: answer.statusText,
        headers: Object.fromEntries(answer.headers),
        config: request,
      };
      if (!answer.ok) throw result;
      return result;
    }

    return { send };
  },
};
