"""Endpoints and EndpointSlices as kubectl shows them and the API server judges them."""

from __future__ import annotations

from clusters.kinds.body import Body
from networking.kinds.endpoints import ENDPOINTS
from networking.kinds.endpointslice import ENDPOINTSLICE
from tests.clusters.kinds.desk import cells, filled, wrongs


def endpoints(*addresses: str, port: int | None = 80) -> Body:
    subset: Body = {"addresses": [{"ip": address} for address in addresses]}
    return {"subsets": [{**subset, "ports": [{"port": port}]} if port else subset]}


def endpointslice(*addresses: str, type_: str = "IPv4") -> Body:
    listed = [{"addresses": [address]} for address in addresses]
    return {"addressType": type_, "endpoints": listed, "ports": [{"port": 80}]}


def test_three_addresses_are_shown_and_the_rest_counted() -> None:
    five = [f"10.244.1.{number}" for number in range(2, 7)]

    assert cells(ENDPOINTS, filled(ENDPOINTS, endpoints(*five)))["Endpoints"] == (
        "10.244.1.2:80,10.244.1.3:80,10.244.1.4:80 + 2 more..."
    )
    assert cells(ENDPOINTSLICE, filled(ENDPOINTSLICE, endpointslice(*five))) == {
        "Name": "it",
        "AddressType": "IPv4",
        "Ports": "80",
        "Endpoints": "10.244.1.2,10.244.1.3,10.244.1.4 + 2 more...",
        "Age": "90s",
    }


def test_nobody_behind_a_service_is_shown_as_such() -> None:
    assert cells(ENDPOINTS, filled(ENDPOINTS, {}))["Endpoints"] == "<none>"
    assert cells(ENDPOINTS, filled(ENDPOINTS, endpoints("10.244.1.2", port=None)))["Endpoints"] == "10.244.1.2"
    assert cells(ENDPOINTSLICE, filled(ENDPOINTSLICE, {"addressType": "IPv4"}))["Endpoints"] == "<unset>"


def test_a_port_is_tcp_and_nameless_where_nothing_is_said() -> None:
    assert filled(ENDPOINTSLICE, endpointslice("10.244.1.2"))["ports"] == [{"port": 80, "name": "", "protocol": "TCP"}]


def test_an_endpoint_is_an_address_of_another_machine() -> None:
    assert wrongs(ENDPOINTS, endpoints("127.0.0.1")) == [
        'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": '
        "may not be in the loopback range (127.0.0.0/8, ::1/128)",
    ]
    assert "must be a valid IP address" in wrongs(ENDPOINTSLICE, endpointslice("here"))[0]
    assert wrongs(ENDPOINTSLICE, endpointslice("example.com", type_="FQDN")) == []


def test_an_empty_subset_is_refused() -> None:
    assert wrongs(ENDPOINTS, {"subsets": [{}]}) == [
        "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
    ]


def test_the_address_type_of_a_slice_never_changes() -> None:
    assert wrongs(ENDPOINTSLICE, endpointslice("fd00::2", type_="IPv6"), endpointslice("10.244.1.2")) == [
        'addressType: Invalid value: "IPv6": field is immutable',
    ]
    assert wrongs(ENDPOINTSLICE, {"addressType": "IPX"})[0].startswith('addressType: Unsupported value: "IPX"')
