"""Functions written into a template (`Code.ZipFile`): their source, made a deployment package.

The file is `index.py` or `index.js`, with the `cfn-response` module beside it, as in the user
guide's page on the cfn-response module.
"""

from __future__ import annotations

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16

_PYTHON_RESPONSE = '''\
"""Sends a custom resource's answer to CloudFormation."""

import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(
    event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None
):
    """Send the answer to the event's ResponseURL."""
    body = json.dumps(
        {
            "Status": responseStatus,
            "Reason": reason
            or "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name),
            "PhysicalResourceId": physicalResourceId or context.log_stream_name,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
            "NoEcho": noEcho,
            "Data": responseData,
        }
    ).encode()
    request = urllib.request.Request(
        event["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""}
    )
    with urllib.request.urlopen(request) as answer:
        print("Status code:", answer.status)
'''

_NODE_RESPONSE = """\
'use strict';
exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

exports.send = function (event, context, responseStatus, responseData, physicalResourceId, noEcho) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({
      Status: responseStatus,
      Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
      PhysicalResourceId: physicalResourceId || context.logStreamName,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      NoEcho: noEcho || false,
      Data: responseData,
    });
    const url = new URL(event.ResponseURL);
    const client = require(url.protocol === 'http:' ? 'http' : 'https');
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const request = client.request(url, { method: 'PUT', headers }, (answer) => {
      console.log('Status code: ' + answer.statusCode);
      answer.resume();
      if (context.done) context.done();
      resolve();
    });
    request.on('error', (error) => {
      console.log('send(..) failed executing request: ' + error);
      if (context.done) context.done(error);
      reject(error);
    });
    request.end(body);
  });
};
"""


def package(source: str, runtime: str) -> bytes:
    """A deployment package, the same bytes for the same source."""
    if runtime.startswith("nodejs"):
        files = {"index.js": source, "cfn-response.js": _NODE_RESPONSE}
    else:
        files = {"index.py": source, "cfnresponse.py": _PYTHON_RESPONSE}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = _READABLE
            archive.writestr(entry, text)
    return data.getvalue()
