"""A third-party client, unmodified, against the simulator. Run by hand:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install marketorestpython
    swift run simulator --leads 2000        # prints its address
    /tmp/venv/bin/python Tests/SimulatorTests/clients/marketorestpython_smoke.py http://127.0.0.1:PORT
"""

import csv
import hashlib
import io
import json
import sys
import time
import urllib.request

from marketorestpython.client import MarketoClient

base = sys.argv[1]
about = json.load(urllib.request.urlopen(base + "/simulator"))
client = MarketoClient("000-AAA-000", about["client_id"], about["client_secret"])
client.host = base
call = client.execute


def control(method, path, body):
    request = urllib.request.Request(base + "/simulator" + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    return json.load(urllib.request.urlopen(request))


mark = f"smoke{int(time.time())}"

fields = {f["rest"]["name"]: f for f in call(method="describe")}
assert fields["leadScore"]["dataType"] == "integer" and "length" not in fields["mazrica_phase"]

leads = call(method="get_multiple_leads_by_filter_type", filterType="id",
             filterValues=[str(i) for i in range(1, 301)], fields=["email", "company", "leadScore"])
assert [l["id"] for l in leads] == list(range(1, 301)) and list(leads[0]) == ["id", "email", "company", "leadScore"]
assert call(method="get_lead_by_id", id=7)[0]["id"] == 7

made = call(method="create_update_leads", action="createOrUpdate", lookupField="email",
            leads=[{"email": f"{mark}@example.co.jp", "lastName": "試験", "leadScore": 5}, {"email": "bademail"}])
assert made[0]["status"] == "created" and made[1]["reasons"][0]["code"] == "1003"
again = call(method="create_update_leads", action="createOnly", lookupField="email", leads=[{"email": f"{mark.upper()}@example.co.jp"}])
assert again[0]["reasons"][0] == {"code": "1005", "message": "Lead already exists"}
other = call(method="create_update_leads", action="createOnly", lookupField="email", leads=[{"email": f"{mark}b@example.co.jp", "firstName": "花"}])
changed = call(method="create_update_leads", action="updateOnly", lookupField="id", leads=[{"id": made[0]["id"], "leadScore": 25}])
assert changed == [{"id": made[0]["id"], "status": "updated"}]
gone = call(method="create_update_leads", action="updateOnly", lookupField="id", leads=[{"id": 99999999, "leadScore": 1}])
assert gone[0]["reasons"][0]["code"] == "1004"
assert call(method="merge_lead", id=made[0]["id"], leadIds=[other[0]["id"]])
found = call(method="get_multiple_leads_by_filter_type", filterType="email", filterValues=[f"{mark}@example.co.jp"], fields=["firstName"])
assert found[0]["firstName"] == "花"
deleted = call(method="delete_lead", id=[made[0]["id"], 99999999])
assert [d["status"] for d in deleted] == ["deleted", "skipped"]

activities = call(method="get_lead_activities", activityTypeIds=["12", "13", "22", "32", "37"], sinceDatetime="2000-01-01T00:00:00Z")
kinds = {}
for a in activities:
    kinds[a["activityTypeId"]] = kinds.get(a["activityTypeId"], 0) + 1
assert kinds[12] >= 2 and {13, 22, 32, 37} <= set(kinds), kinds
changes = call(method="get_lead_changes", fields=["leadScore"], sinceDatetime="2000-01-01T00:00:00Z")
assert any(c["fields"] and c["fields"][0] == {"id": 146, "name": "leadScore", "newValue": "25", "oldValue": "5"} for c in changes)
removed = call(method="get_deleted_leads", sinceDatetime="2000-01-01T00:00:00Z")
assert made[0]["id"] in [r["leadId"] for r in removed]
one = call(method="get_lead_activities", activityTypeIds=["12"], sinceDatetime="2000-01-01T00:00:00Z", batchSize=1, leadIds=[3, 5, 8])
assert [a["leadId"] for a in one] == [3, 5, 8]
assert call(method="describe2")[0]["name"] == "API Lead"

for number in range(1, 317):
    control("POST", "/lists", {"id": number, "name": f"List {number}", "ids": [1, 2, 3] if number == 1 else []})
assert len(call(method="get_multiple_lists")) == 316
assert [l["id"] for l in call(method="get_multiple_lists", id=[7, 9])] == [7, 9]
assert [l["id"] for l in call(method="get_multiple_lists", name=["List 8"])] == [8]
assert [l["id"] for l in call(method="get_multiple_leads_by_list_id", listId=1, fields=["email"], batchSize=2)] == [1, 2, 3]
assert [m["status"] for m in call(method="member_of_list", listId=1, id=[1, 4])] == ["memberof", "notmemberof"]
assert [m["status"] for m in call(method="add_leads_to_list", listId=1, id=[4])] == ["added"]
assert [m["status"] for m in call(method="remove_leads_from_list", listId=1, id=[4, 5])] == ["removed", "skipped"]

pushed = call(method="push_lead", leads=[{"email": f"{mark}p@example.co.jp"}], programName="Fair", lookupField="email", reason="r", source="s")
assert pushed[0]["status"] == "created"
cookie = "id:561-HYG-937&token:_mch-localhost-1435105067262-67189"
assert call(method="associate_lead", id=pushed[0]["id"], cookie=cookie) is True
code = None
try:
    call(method="associate_lead", id=99999999, cookie=cookie)
except Exception as error:  # The client wraps what it was told.
    code = error.args[0]["code"]
assert code == "1004", code

control("PATCH", "/switches", {"bulkSecondsQueued": 0, "bulkSecondsRunning": 0})
whole = {"createdAt": {"startAt": "2000-01-01T00:00:00Z", "endAt": "2000-01-02T00:00:00Z"}}
for kind, wanted, filters in [("leads", ["id", "email"], {"staticListName": "List 1"}), ("activities", None, whole)]:
    job = call(method=f"create_{kind}_export_job", fields=wanted, filters=filters)[0]["exportId"]
    call(method=f"enqueue_{kind}_export_job", job_id=job)
    status = call(method=f"get_{kind}_export_job_status", job_id=job)[0]
    content = call(method=f"get_{kind}_export_job_file", job_id=job)
    assert status["status"] == "Completed" and status["fileSize"] == len(content)
    assert status["fileChecksum"] == "sha256:" + hashlib.sha256(content).hexdigest()
    assert job in [j["exportId"] for j in call(method=f"get_{kind}_export_jobs_list")]
    if kind == "leads":
        assert [row["id"] for row in csv.DictReader(io.StringIO(content.decode()))] == ["1", "2", "3"]

assert len(call(method="get_last_7_days_usage")) == 7 and len(call(method="get_last_7_days_errors")) == 7
assert call(method="get_daily_usage")[0]["total"] > 0
assert call(method="get_daily_errors") is not None
assert any(t["id"] == 22 for t in call(method="get_activity_types"))
print("all well:", kinds)
