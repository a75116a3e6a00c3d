"""S3, Google Cloud Storage and FTP servers for the tests, in one process. Prints where they are as one line of JSON."""

import datetime
import io
import json
import os
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from gcp_storage_emulator.server import create_server
from moto import settings
from moto.server import ThreadedMotoServer
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import ThreadedFTPServer

FILES = {
    "cities.csv": b"id,name\n1,Oslo\n2,Bergen\n",
    "2026/01.csv": b"id,name\n1,January\n",
    "2026/02.csv": b"id,name\n2,February\n",
    "odd names/a+b & 100% (ü).csv": "id,name\n1,Tromsø\n".encode(),
    "long.csv": b"id,name\n" + b"".join(b"%d,row\n" % i for i in range(200_000)),
}


def start_s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    session = dict(endpoint_url=endpoint, region_name="eu-north-1", aws_access_key_id="x", aws_secret_access_key="x")
    s3 = boto3.client("s3", **session)
    for bucket in ["private", "many"]:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    for key, content in FILES.items():
        s3.put_object(Bucket="private", Key=key, Body=content, ContentType="text/csv")
    for i in range(1100):
        s3.put_object(Bucket="many", Key=f"of many/{i:04}.txt", Body=b"x")
    iam = boto3.client("iam", **session)
    iam.create_user(UserName="reader")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(policy))
    keys = iam.create_access_key(UserName="reader")["AccessKey"]
    # from now on every request must be signed by that user
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    return {"endpoint": endpoint, "id": keys["AccessKeyId"], "secret": keys["SecretAccessKey"]}


def start_gcs():
    server = create_server("127.0.0.1", 0, in_memory=True, default_bucket="aircan")
    server.start()
    endpoint = f"http://127.0.0.1:{server._api._httpd.server_port}"
    for key, content in FILES.items():
        name = urllib.parse.quote(key, safe="")
        url = f"{endpoint}/upload/storage/v1/b/aircan/o?uploadType=media&name={name}"
        urllib.request.urlopen(urllib.request.Request(url, data=content, headers={"content-type": "text/csv"}))
    return {"endpoint": endpoint}


def make_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = os.path.join(folder, "certificate.pem")
    with open(path, "wb") as file:
        file.write(private + certificate.public_bytes(pem))
    return path


class CutTransfer(DTPHandler):
    """The first transfers of the user `cut` break off."""

    cuts = 0

    def send(self, data):
        sent = super().send(data)
        if self.cmd_channel.username == "cut" and CutTransfer.cuts < 2 and self.tot_bytes_sent > 300_000:
            CutTransfer.cuts += 1
            self.cmd_channel.close()
        return sent


def start_ftp(folder):
    for key, content in FILES.items():
        path = os.path.join(folder, "files", key)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    authorizer = DummyAuthorizer()
    root = os.path.join(folder, "files")
    authorizer.add_anonymous(root)
    authorizer.add_user("ada", "p@ss/word", root)
    authorizer.add_user("cut", "cut", root)
    certificate = make_certificate(folder)
    ports = {}
    for name, base in {"plain": FTPHandler, "tls": TLS_FTPHandler}.items():
        handler = type(name, (base,), {"authorizer": authorizer, "banner": "ready"})
        if name == "plain":
            handler.dtp_handler = CutTransfer
            handler.use_sendfile = False
        else:
            handler.certfile = certificate
            handler.tls_control_required = True
            handler.tls_data_required = True
        server = ThreadedFTPServer(("127.0.0.1", 0), handler, ioloop=IOLoop())
        ports[name] = server.address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return {**ports, "certificate": certificate}


with tempfile.TemporaryDirectory() as temporary:
    quiet, sys.stdout = sys.stdout, io.StringIO()
    servers = {"s3": start_s3(), "gcs": start_gcs(), "ftp": start_ftp(temporary)}
    print(json.dumps(servers), file=quiet, flush=True)
    sys.stdin.read()  # until whoever started us goes away
os._exit(0)
