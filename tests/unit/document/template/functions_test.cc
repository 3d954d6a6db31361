// Every function of the language by its documented examples: what is given, what comes.
#include "sim/document/template/functions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "sim/base/text.h"
#include "sim/document/template/unique.h"
#include "tests/unit/document/template/evaluation.h"

namespace nsp {
namespace {

using test::value_of;

struct Row {
  std::string_view expression;
  std::string_view value;
};

constexpr std::string_view kData = R"({
  "three": ["one", "two", "three"],
  "object": {"one": "a", "two": "b", "Three": {"four": [1, 2]}},
  "dogs": [{"name": "Evie", "age": 5}, {"name": "Casper", "age": 3}, {"name": "Indy", "age": 2},
           {"name": "Kira", "age": 8}],
  "ints": [0, 3, 2, 5, 4], "nothing": null, "flag": true})";

constexpr Row kRows[] = {
    // Arrays.
    {"array('efgh')", R"(["efgh"])"},
    {"array(parameters('three'))", R"(["one","two","three"])"},
    {"array(createObject('a', 'b'))", R"([{"a":"b"}])"},
    {"concat('prefix', '-', 'suffix', 3)", R"("prefix-suffix3")"},
    {"concat(createArray('1'), createArray('2', '3'))", R"(["1","2","3"])"},
    {"contains('OneTwoThree', 'e')", "true"},
    {"contains('OneTwoThree', 'z')", "false"},
    {"contains('OneTwoThree', 'onetwo')", "false"},
    {"contains(parameters('object'), 'ONE')", "true"},
    {"contains(parameters('object'), 'nine')", "false"},
    {"contains(parameters('three'), 'three')", "true"},
    {"contains(parameters('three'), 'four')", "false"},
    {"createArray('a', 1, true(), createArray())", R"(["a",1,true,[]])"},
    {"empty(createArray())", "true"},
    {"empty(createObject())", "true"},
    {"empty('')", "true"},
    {"empty(null())", "true"},
    {"empty('a')", "false"},
    {"first(parameters('three'))", R"("one")"},
    {"first('One Two Three')", R"("O")"},
    {"first(createArray())", "null"},
    {"flatten(createArray(createArray(1, 2), createArray(), createArray(3)))", "[1,2,3]"},
    {"indexFromEnd(parameters('three'), 1)", R"("three")"},
    {"indexOf('test', 't')", "0"},
    {"indexOf('abcdef', 'CD')", "2"},
    {"indexOf('abcdef', 'z')", "-1"},
    {"indexOf(parameters('three'), 'two')", "1"},
    {"indexOf(parameters('three'), 'TWO')", "-1"},
    {"intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))",
     R"(["two","three"])"},
    {"intersection(createObject('one', 'a', 'two', 'b'), createObject('one', 'a', 'two', 'z'))",
     R"({"one":"a"})"},
    {"last(parameters('three'))", R"("three")"},
    {"last('One Two Three')", R"("e")"},
    {"lastIndexOf('test', 't')", "3"},
    {"lastIndexOf('abcdef', 'AB')", "0"},
    {"lastIndexOf(createArray(1, 2, 1), 1)", "2"},
    {"length(parameters('three'))", "3"},
    {"length('One Two Three')", "13"},
    {"length('Zürich')", "6"},
    {"length(parameters('object'))", "3"},
    {"max(parameters('ints'))", "5"},
    {"max(0, 3, 2, 5, 4)", "5"},
    {"min(parameters('ints'))", "0"},
    {"min(4, 3)", "3"},
    {"range(5, 3)", "[5,6,7]"},
    {"skip(parameters('three'), 2)", R"(["three"])"},
    {"skip('one two three', 4)", R"("two three")"},
    {"skip(parameters('three'), 9)", "[]"},
    {"take(parameters('three'), 2)", R"(["one","two"])"},
    {"take('one two three', 2)", R"("on")"},
    {"tryGet(parameters('three'), 1)", R"("two")"},
    {"tryGet(parameters('three'), 7)", "null"},
    {"tryGet(parameters('object'), 'three', 'four', 1)", "2"},
    {"tryGet(parameters('object'), 'nine', 'four')", "null"},
    {"tryGet(null(), 'nine')", "null"},
    {"tryIndexFromEnd(parameters('three'), 3)", R"("one")"},
    {"tryIndexFromEnd(parameters('three'), 4)", "null"},
    {"union(createArray('one', 'two'), createArray('two', 'three'))", R"(["one","two","three"])"},
    {"union(createObject('a', 1, 'b', createObject('c', 2)), createObject('b', createObject('d', "
     "3)))",
     R"({"a":1,"b":{"c":2,"d":3}})"},
    // Addresses.
    {"parseCidr('10.144.0.0/20')",
     R"({"network":"10.144.0.0","netmask":"255.255.240.0","broadcast":"10.144.15.255",)"
     R"("firstUsable":"10.144.0.1","lastUsable":"10.144.15.254","cidr":20})"},
    {"parseCidr('fdad:3236:5555::/48')",
     R"({"network":"fdad:3236:5555::","netmask":"ffff:ffff:ffff::",)"
     R"("firstUsable":"fdad:3236:5555::",)"
     R"("lastUsable":"fdad:3236:5555:ffff:ffff:ffff:ffff:ffff","cidr":48})"},
    {"cidrSubnet('10.144.0.0/20', 24, 4)", R"("10.144.4.0/24")"},
    {"cidrSubnet('fdad:3236:5555::/48', 52, 4)", R"("fdad:3236:5555:4000::/52")"},
    {"cidrSubnet('10.0.0.0/8', 8, 0)", R"("10.0.0.0/8")"},
    {"cidrHost('10.144.3.0/24', 0)", R"("10.144.3.1")"},
    {"cidrHost('10.144.3.0/24', 4)", R"("10.144.3.5")"},
    {"cidrHost('fdad:3236:5555:3000::/52', 4)", R"("fdad:3236:5555:3000::5")"},
    // Comparison and logic.
    {"coalesce(null(), null(), 'default')", R"("default")"},
    {"coalesce(parameters('nothing'), null())", "null"},
    {"equals('a', 'a')", "true"},
    {"equals('a', 'A')", "false"},
    {"equals(1, 1)", "true"},
    {"equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", "true"},
    {"less(1, 2)", "true"},
    {"less('banana', 'apple')", "false"},
    {"lessOrEquals(2, 2)", "true"},
    {"greater(1, 2)", "false"},
    {"greaterOrEquals('a', 'a')", "true"},
    {"and(true(), true(), false())", "false"},
    {"or(false(), true())", "true"},
    {"not(false())", "true"},
    {"xor(true(), true())", "false"},
    {"bool('True')", "true"},
    {"bool(0)", "false"},
    {"true()", "true"},
    {"false()", "false"},
    {"if(equals('a', 'a'), 'yes', parameters('not there'))", R"("yes")"},
    // Numbers.
    {"add(5, 3)", "8"},
    {"sub(7, 3)", "4"},
    {"mul(5, 3)", "15"},
    {"div(8, 3)", "2"},
    {"mod(7, 3)", "1"},
    {"int('4')", "4"},
    {"float('3.0')", "3.0"},
    // Dates.
    {"dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y')", R"("4/7/2023 2:53:14 PM")"},
    {"dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')", R"("3/29/2020 2:53:14 PM")"},
    {"dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H')", R"("4/7/2020 3:53:14 PM")"},
    {"dateTimeAdd('2024-01-31T00:00:00Z', 'P1M', 'yyyy-MM-dd')", R"("2024-02-29")"},
    {"dateTimeAdd('20240101T000000Z', 'P1DT30M')", R"("20240102T003000Z")"},
    {"dateTimeFromEpoch(1683040573)", R"("2023-05-02T15:16:13Z")"},
    {"dateTimeToEpoch('2023-05-02T15:16:13Z')", "1683040573"},
    {"utcNow()", R"("20190305T175318Z")"},
    {"utcNow('d')", R"("03/05/2019")"},
    {"utcNow('M d')", R"("3 5")"},
    {"utcNow('yyyy-MM-dd')", R"("2019-03-05")"},
    {"utcNow('R')", R"("Tue, 05 Mar 2019 17:53:18 GMT")"},
    {"utcNow('o')", R"("2019-03-05T17:53:18.0000000Z")"},
    {"utcNow('dddd d MMMM yy, h:mm tt')", R"("Tuesday 5 March 19, 5:53 PM")"},
    // Objects.
    {"createObject('intProp', 1, 'arrayProp', createArray('a'))",
     R"({"intProp":1,"arrayProp":["a"]})"},
    {"items(createObject('item002', 2, 'item001', 1))",
     R"([{"key":"item001","value":1},{"key":"item002","value":2}])"},
    {R"(json('{"a":[1,true,null]}'))", R"({"a":[1,true,null]})"},
    {"json('null')", "null"},
    {"null()", "null"},
    {"objectKeys(createObject('b', 1, 'a', 2))", R"(["b","a"])"},
    {"shallowMerge(createArray(createObject('a', createObject('b', 1)), createObject('a', "
     "createObject('c', 2))))",
     R"({"a":{"c":2}})"},
    // Texts.
    {"base64('one, two, three')", R"("b25lLCB0d28sIHRocmVl")"},
    {"base64ToString('b25lLCB0d28sIHRocmVl')", R"("one, two, three")"},
    {R"(base64ToJson('eyJvbmUiOiAiYSIsICJ0d28iOiAiYiJ9'))", R"({"one":"a","two":"b"})"},
    {"dataUri('Hello')", R"("data:text/plain;charset=utf8;base64,SGVsbG8=")"},
    {"dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", R"("Hello, World!")"},
    {"endsWith('abcdef', 'EF')", "true"},
    {"endsWith('abcdef', 'e')", "false"},
    {"startsWith('abcdef', 'AB')", "true"},
    {"startsWith('abcdef', 'e')", "false"},
    {"format('{0}, {1}. Formatted number: {2:D4}', 'Hello', 'User', 12)",
     R"("Hello, User. Formatted number: 0012")"},
    {"format('{{{0}}}', true())", R"("{True}")"},
    {"join(parameters('three'), ', ')", R"("one, two, three")"},
    {"padLeft('123', 10, '0')", R"("0000000123")"},
    {"padLeft(7, 3)", R"("  7")"},
    {"replace('123-123-1234', '-', '')", R"("1231231234")"},
    {"split('one,two;three', createArray(',', ';'))", R"(["one","two","three"])"},
    {"split('one,two,', ',')", R"(["one","two",""])"},
    {"string(5)", R"("5")"},
    {"string(createArray('a', 1))", R"("[\"a\",1]")"},
    {"string(true())", R"("True")"},
    {"substring('one two three', 4, 3)", R"("two")"},
    {"toLower('One Two')", R"("one two")"},
    {"toUpper('One Two')", R"("ONE TWO")"},
    {"trim('   one two three   ')", R"("one two three")"},
    {"uniqueString('tyeth')", R"("zcztcwvu6iyg6")"},
    {"uniqueString('hello', 'world')", R"("a7wkljktk6wne")"},
    {"guid('hello', 'world')", R"("a5b868f8-11fe-567a-ace0-e77cc87f104e")"},
    {"uri('http://contoso.org/firstpath', 'myscript.sh')", R"("http://contoso.org/myscript.sh")"},
    {"uri('http://contoso.org/firstpath/', 'myscript.sh')",
     R"("http://contoso.org/firstpath/myscript.sh")"},
    {"uriComponent('http://contoso.com/a b')", R"("http%3A%2F%2Fcontoso.com%2Fa%20b")"},
    {"uriComponentToString('http%3A%2F%2Fcontoso.com')", R"("http://contoso.com")"},
    // Functions of functions.
    {"filter(parameters('dogs'), lambda('dog', greaterOrEquals(lambdaVariables('dog').age, 5)))",
     R"([{"name":"Evie","age":5},{"name":"Kira","age":8}])"},
    {"filter(range(0, 10), lambda('i', equals(0, mod(lambdaVariables('i'), 2))))", "[0,2,4,6,8]"},
    {"map(parameters('dogs'), lambda('dog', format('Hello {0}!', lambdaVariables('dog').name)))",
     R"(["Hello Evie!","Hello Casper!","Hello Indy!","Hello Kira!"])"},
    {"map(createArray('a', 'b'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), "
     "lambdaVariables('i'))))",
     R"(["a0","b1"])"},
    {"reduce(map(parameters('dogs'), lambda('dog', lambdaVariables('dog').age)), 1, lambda('cur', "
     "'next', add(lambdaVariables('cur'), lambdaVariables('next'))))",
     "19"},
    {"sort(parameters('ints'), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
     "[0,2,3,4,5]"},
    {"toObject(parameters('dogs'), lambda('d', lambdaVariables('d').name), lambda('d', "
     "lambdaVariables('d').age))",
     R"({"Evie":5,"Casper":3,"Indy":2,"Kira":8})"},
    {"groupBy(createArray('a1', 'b1', 'a2'), lambda('x', first(lambdaVariables('x'))))",
     R"({"a":["a1","a2"],"b":["b1"]})"},
    {"mapValues(createObject('a', 1, 'b', 2), lambda('v', mul(lambdaVariables('v'), 10)))",
     R"({"a":10,"b":20})"},
    // Where it goes.
    {"resourceId('Microsoft.Storage/storageAccounts', 'st')",
     R"("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/)"
     R"(Microsoft.Storage/storageAccounts/st")"},
    {"resourceId('other', 'Microsoft.Storage/storageAccounts', 'st')",
     R"("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/other/providers/)"
     R"(Microsoft.Storage/storageAccounts/st")"},
    {"resourceId('s', 'other', 'Microsoft.Sql/servers/databases', 'a', 'b')",
     R"("/subscriptions/s/resourceGroups/other/providers/Microsoft.Sql/servers/a/databases/b")"},
    {"resourceId('nsp')", R"("/subscriptions/s/nsp")"},
    {"subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
     R"("/subscriptions/11111111-1111-1111-1111-111111111111/providers/)"
     R"(Microsoft.Authorization/roleDefinitions/r")"},
    {"tenantResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
     R"("/providers/Microsoft.Authorization/roleDefinitions/r")"},
    {"extensionResourceId('/x', 'Microsoft.Authorization/locks', 'l')",
     R"("/x/providers/Microsoft.Authorization/locks/l")"},
    {"managementGroupResourceId('mg', 'Microsoft.Authorization/policyDefinitions', 'p')",
     R"("/providers/Microsoft.Management/managementGroups/mg/providers/)"
     R"(Microsoft.Authorization/policyDefinitions/p")"},
    {"subscription().subscriptionId", R"("11111111-1111-1111-1111-111111111111")"},
    {"subscription().tenantId", R"("22222222-2222-2222-2222-222222222222")"},
    {"resourceGroup().location", R"("westeurope")"},
    {"resourceGroup().ID",
     R"("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg")"},
    {"tenant().tenantId", R"("22222222-2222-2222-2222-222222222222")"},
    {"managementGroup().name", R"("management-group")"},
    {"deployment().name", R"("main")"},
    {"environment().suffixes.storage", R"("core.windows.net")"},
    {"contoso.name('a', 'b')", R"("contoso.name of 2")"},
    // What only a deployment knows.
    {"reference('st').primaryEndpoints", "?[reference('st').primaryEndpoints]"},
    {"references('st')", "?[references('st')]"},
    {"listKeys('st', '2023-01-01').keys[0].value", "?[listKeys('st', '2023-01-01').keys[0].value]"},
    {"listSecrets('st', '1')", "?[listSecrets('st', '1')]"},
    {"listAccountSas('st', '1', createObject())", "?[listAccountSas('st', '1', createObject())]"},
    {"listAdminKeys('se', '1').primaryKey", "?[listAdminKeys('se', '1').primaryKey]"},
    {"newGuid()", "?[newGuid()]"},
    {"deployer().objectId", "?[deployer().objectId]"},
    {"pickZones('Microsoft.Compute', 'virtualMachines', 'westus2')",
     "?[pickZones('Microsoft.Compute', 'virtualMachines', 'westus2')]"},
    {"providers('Microsoft.Web', 'sites')", "?[providers('Microsoft.Web', 'sites')]"},
    {"toLogicalZone('s', 'l', 'z')", "?[toLogicalZone('s', 'l', 'z')]"},
    {"toLogicalZones('s', 'l', createArray())", "?[toLogicalZones('s', 'l', createArray())]"},
    {"toPhysicalZone('s', 'l', 'z')", "?[toPhysicalZone('s', 'l', 'z')]"},
    {"toPhysicalZones('s', 'l', createArray())", "?[toPhysicalZones('s', 'l', createArray())]"},
    {"fail('no such region')", "1 `fail`: the template says `no such region`"},
};

TEST(TemplateFunctions, GiveWhatTheirDocumentationShows) {
  for (const Row& row : kRows)
    EXPECT_EQ(value_of(row.expression, kData), row.value) << row.expression;
}

TEST(TemplateFunctions, AreAllInTheTableOfThisTest) {
  for (const Function& function : all_functions()) {
    const std::string call = lower(function.name) + "(";
    EXPECT_TRUE(std::ranges::any_of(kRows, [&](const Row& row) {
      return lower(row.expression).find(call) != std::string::npos;
    })) << function.name;
    EXPECT_NE(function.page.find('#'), std::string_view::npos) << function.name;
  }
}

TEST(TemplateFunctions, AreFoundWithoutCaseAndNearMissesNamed) {
  EXPECT_EQ(find_function("CREATEarray")->name, "createArray");
  EXPECT_EQ(find_function("listWhatever")->name, "listKeys");
  EXPECT_EQ(find_function("list"), nullptr);
  EXPECT_EQ(nearest_function("concaat"), "concat");
}

constexpr Row kMistakes[] = {
    {"concatt('a')", "1 unknown function `concatt`, did you mean `concat`?"},
    {"frobnicate()", "1 unknown function `frobnicate`"},
    {"substring('abc', 2, 5)", "1 `substring`: 5 characters from 2 are outside a text of 3"},
    {"toLower(concat('a', createArray()))", "9 `concat`: expected a string, found an array"},
    {"toLower(3)", "1 `toLower`: expected a string, found a number"},
    {"add(1)", "1 `add` takes 2 arguments, found 1"},
    {"equals()", "1 `equals` takes 2 arguments, found 0"},
    {"add(9223372036854775807, 1)", "1 `add`: the result does not fit in 64 bits"},
    {"div(1, 0)", "1 `div`: division by zero"},
    {"mod(1, 0)", "1 `mod`: division by zero"},
    {"int('x')", "1 `int`: `x` is no integer"},
    {"bool('maybe')", "1 `bool`: `maybe` is no boolean"},
    {"json('{')", "1 `json`: the text ends here, expected a key in double quotes or `}`"},
    {"range(0, 10001)", "1 `range`: expected a count of 0 to 10000"},
    {"padLeft('a', 100001)", "1 `padLeft`: expected a width of 0 to 100000"},
    {"format('{1}', 'a')", "1 `format`: `{1}` has no argument"},
    {"format('{0', 'a')", "1 `format`: a `{` is never closed"},
    {"format('{0:X}', 3)",
     "1 `format`: the format `X` is not supported, expected `D` and a number of digits"},
    {"cidrSubnet('10.0.0.0/16', 8, 0)", "1 `cidrSubnet`: expected a length of 16 to 32, found 8"},
    {"cidrSubnet('10.0.0.0/16', 24, 256)",
     "1 `cidrSubnet`: 10.0.0.0/16 has no subnet 256 of length 24"},
    {"cidrHost('10.0.0.0/30', 2)", "1 `cidrHost`: 10.0.0.0/30 has no host 2"},
    {"parseCidr('10.0.0.0')",
     "1 `parseCidr`: `10.0.0.0` is no address range, expected one such as `10.0.0.0/16`"},
    {"dateTimeAdd('yesterday', 'P1D')",
     "1 `dateTimeAdd`: `yesterday` is no time, expected one such as `2026-01-31T12:00:00Z`"},
    {"dateTimeAdd('2026-01-01', '1D')",
     "1 `dateTimeAdd`: `1D` is no duration, expected one such as `P3Y`"},
    {"utcNow('q')", "1 `utcNow`: `q` is no format of a time"},
    {"resourceId('Microsoft.Sql/servers/databases', 'a')",
     "1 `resourceId`: type `Microsoft.Sql/servers/databases` takes 2 names, found 1"},
    {"resourceId('nobody')", "1 `resourceId`: no resource has the symbolic name `nobody`"},
    {"createObject('a')", "1 `createObject`: expected pairs of a name and a value"},
    {"parameters('three')[3]", "20 index 3 is outside an array of 3"},
    {"parameters('three')['a']",
     "20 expected an array and an integer, or an object and a string, found an array and a string"},
    {"parameters('object').nine", "21 the object has no member `nine`"},
    {"parameters('flag').nine", "19 expected an object before `.nine`, found a boolean"},
    {"parameters('nine')", "12 no parameter `nine`"},
    {"parameters(1)", "12 `parameters`: expected a name, found a number"},
    {"if('a', 1, 2)", "4 `if`: expected a boolean, found a string"},
    {"if(true(), 1)", "1 `if` takes 3 arguments, found 2"},
    {"and(true(), 1)", "13 `and`: expected a boolean, found a number"},
    {"copyIndex()", "1 `copyIndex` outside any loop"},
    {"copyIndex('rules')", "1 `copyIndex`: no loop `rules` here"},
    {"lambdaVariables('x')", "1 no lambda here has a parameter `x`"},
    {"map('a', lambda('x', 1))", "5 `map`: expected an array, found a string"},
    {"map(createArray(1), 2)", "21 expected a lambda of 1 parameter"},
    {"filter(createArray(1), lambda('x', 1))",
     "24 `filter`: expected a lambda that gives a boolean"},
    {"sort(createArray(1, 2), lambda('a', 'b', 1))",
     "25 `sort`: expected a lambda that gives a boolean"},
};

TEST(TemplateFunctions, SayWhatIsWrongAndWhere) {
  for (const Row& row : kMistakes)
    EXPECT_EQ(value_of(row.expression, kData), row.value) << row.expression;
}

// What is not known spreads to what needs it, and no further.
constexpr Row kUnknown[] = {
    {"concat(parameters('unknown'), '-nsp')", "?[concat(parameters('unknown'), '-nsp')]"},
    {"length(createArray(parameters('unknown')))", "1"},
    {"empty(createArray(parameters('unknown')))", "false"},
    {"first(createArray('a', parameters('unknown')))", R"("a")"},
    {"and(parameters('unknown'), false())", "false"},
    {"or(parameters('unknown'), true())", "true"},
    {"or(parameters('unknown'), false())", "?[or(parameters('unknown'), false())]"},
    {"if(false(), parameters('unknown'), 'b')", R"("b")"},
    {"if(parameters('unknown'), 'a', 'b')", "?[if(parameters('unknown'), 'a', 'b')]"},
    {"coalesce('a', parameters('unknown'))", R"("a")"},
    {"createObject('a', parameters('unknown')).a", "?[parameters('unknown')]"},
    {"contains(createArray(parameters('unknown')), 'a')",
     "?[contains(createArray(parameters('unknown')), 'a')]"},
    {"skip(createArray(1, 2), parameters('unknown'))",
     "?[skip(createArray(1, 2), parameters('unknown'))]"},
    {"union(parameters('unknown'), createArray())",
     "?[union(parameters('unknown'), createArray())]"},
    {"map(parameters('unknown'), lambda('x', 1))", "?[map(parameters('unknown'), lambda('x', 1))]"},
};

TEST(TemplateFunctions, LeaveOpenWhatNeedsAnUnknownValue) {
  for (const Row& row : kUnknown)
    EXPECT_EQ(value_of(row.expression, kData), row.value) << row.expression;
}

// The number behind the letters, as published with one of the pairs.
TEST(UniqueString, IsAzuresHash) { EXPECT_EQ(template_hash("hello-world"), 571013382255652050U); }

}  // namespace
}  // namespace nsp
