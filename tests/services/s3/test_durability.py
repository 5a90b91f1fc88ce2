"""What is acknowledged stays; what was under way goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest


def test_objects_and_uploads_survive_a_restart(cloud: CloudUnderTest, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"kept", Metadata={"a": "1"})
    upload = {"Bucket": "bucket", "Key": "big"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    etag = s3.upload_part(**upload, PartNumber=1, Body=b"part")["ETag"]
    cloud.restart()
    found = s3.get_object(Bucket="bucket", Key="k")
    assert (found["Body"].read(), found["Metadata"]) == (b"kept", {"a": "1"})
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    s3.complete_multipart_upload(**upload, MultipartUpload=parts)
    assert s3.get_object(Bucket="bucket", Key="big")["Body"].read() == b"part"


def test_of_many_writers_one_wins(cloud: CloudUnderTest, s3: Any) -> None:
    def write(number: int) -> bool:
        client = clients[number]
        try:
            client.put_object(Bucket="bucket", Key="k", Body=b"%d" % number, IfNoneMatch="*")
        except client.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "PreconditionFailed"
            return False
        return True

    clients = [cloud.client("s3") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(write, range(6)))
    assert sum(won) == 1
    body = s3.get_object(Bucket="bucket", Key="k")["Body"].read()
    assert body == b"%d" % won.index(True)
    cloud.advance(300)
    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == body
    stored = [path for path in (cloud.folder / "blobs" / "s3").rglob("*") if path.is_file()]
    assert len(stored) == 1
