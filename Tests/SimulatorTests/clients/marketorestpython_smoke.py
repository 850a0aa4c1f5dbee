"""A third-party client, unmodified, against the simulator. Run by hand:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install marketorestpython
    swift run simulator --leads 2000        # prints its address
    /tmp/venv/bin/python Tests/SimulatorTests/clients/marketorestpython_smoke.py http://127.0.0.1:PORT
"""

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
assert call(method="get_daily_usage")[0]["total"] > 0
assert call(method="get_daily_errors") is not None
assert any(t["id"] == 22 for t in call(method="get_activity_types"))
print("all well:", kinds)
