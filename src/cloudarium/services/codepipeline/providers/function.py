"""The Lambda invoke action: a job for a function, which reports the result by API."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.services.codepipeline import actions, jobs
from cloudarium.services.codepipeline.work import Outcome, Waiting, Work


async def step(work: Work) -> Outcome:
    """Hand the function its job; PutJobSuccessResult or PutJobFailureResult ends the action.

    A result with a continuation token takes the job away, and the next step makes another one.
    The function may have reported before `Invoke` answers, so all that matters is recorded first.
    """
    progress = work.action.progress
    job_id = progress.get("job") or await _new_job(work)
    if progress.get("invoked") != job_id:
        with work.ctx.transaction():
            job = jobs.find(work.ctx, job_id)
        payload = json.dumps({"CodePipeline.job": job.details}).encode()
        params = {
            "FunctionName": work.configuration["FunctionName"],
            "InvocationType": "Event",
            "Payload": payload,
        }
        await work.call("lambda", "Invoke", params)
    return Waiting(None, external_id=job_id, progress={"invoked": job_id})


async def _new_job(work: Work) -> str:
    job_id: str = work.ctx.ids.uuid()
    details = {"id": job_id, "accountId": work.ctx.account, "data": await _data(work)}
    with work.ctx.transaction():
        jobs.insert(work.ctx, job_id, work.action.id, details)
        progress = {**work.action.progress, "job": job_id, "continuation": None}
        actions.save(work.ctx, work.action, progress=progress)
    return job_id


async def _data(work: Work) -> dict[str, Any]:
    """Return the job's data as the function gets it ("JSON event example" in the user guide)."""
    data: dict[str, Any] = {
        "actionConfiguration": {"configuration": work.configuration},
        "inputArtifacts": [_artifact(one) for one in work.action.inputs],
        "outputArtifacts": [_artifact(one) for one in work.action.outputs],
        "artifactCredentials": await _credentials(work),
    }
    if work.action.progress.get("continuation"):
        data["continuationToken"] = work.action.progress["continuation"]
    return data


def _artifact(detail: dict[str, Any]) -> dict[str, Any]:
    location = detail["s3location"]
    where = {"bucketName": location["bucket"], "objectKey": location["key"]}
    return {"name": detail["name"], "location": {"type": "S3", "s3Location": where}}


async def _credentials(work: Work) -> dict[str, str]:
    """Return credentials of the pipeline's role that reach the artifacts only."""
    details = [*work.action.inputs, *work.action.outputs]
    objects = [
        f"arn:aws:s3:::{one['s3location']['bucket']}/{one['s3location']['key']}" for one in details
    ]
    statement = {
        "Effect": "Allow" if objects else "Deny",
        "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
        "Resource": objects or ["*"],
    }
    params = {
        "RoleArn": work.pipeline["roleArn"],
        "RoleSessionName": str(int(work.ctx.now * 1000)),
        "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }
    answer = await work.ctx.call("sts", "AssumeRole", params)
    keys = answer["Credentials"]
    return {
        "accessKeyId": keys["AccessKeyId"],
        "secretAccessKey": keys["SecretAccessKey"],
        "sessionToken": keys["SessionToken"],
    }
